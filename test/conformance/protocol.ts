/** Frames of the reference process: two 32-bit lengths, a header in JSON, raw bytes. See test/reference/op_db.py. */

/** A value as a JSON tree; see test/reference/op_db_values.py. */
export type Tree =
  | null
  | boolean
  | string
  | { i: number | string }
  | { f: number | string; scalar?: boolean }
  | { c: [Tree, Tree] }
  | { l: Tree[] }
  | { t: Tree[] }
  | { d: [string, Tree][] }
  | { T: number }
  | { R: ResultTensor }
  | { dtype: string }
  | { device: string }
  | { layout: string }
  | { memoryFormat: string }
  | { generator: Tree }
  | { slice: [Tree, Tree, Tree] }
  | { ellipsis: number }
  | { options: [string, Tree][] }
  | { module: string }
  | { u: string };

/** Offset and length among a frame's bytes. */
export type Place = [number, number];

/** A tensor that goes in: a view of a storage. */
export interface InputTensor {
  /** dtype, shape, strides, storage offset, storage. */
  d: string;
  s: number[] | null;
  st?: number[];
  o?: number;
  b?: number;
  /** requires_grad. */
  g: boolean;
  leaf: boolean;
  conj?: boolean;
  neg?: boolean;
  layout?: string;
  parts?: number[];
  coalesced?: boolean;
  device?: string;
  unsupported?: string | boolean;
}

/** A tensor that PyTorch gave: its elements in row-major order. */
export interface ResultTensor {
  d: string;
  s: number[] | null;
  st?: number[];
  b?: Place;
  g: boolean;
  conj?: boolean;
  neg?: boolean;
  layout?: string;
  parts?: Tree[];
  coalesced?: boolean;
  device?: string;
  unsupported?: boolean;
}

export interface Raised {
  type: string;
  message: string;
}

export interface Backward {
  /** Which tensors of the table to differentiate by, and which of the results' tensors to differentiate. */
  inputs: number[];
  outputs: number[];
  gradients: Tree[];
  grads?: Tree[];
  raises?: Raised;
}

/** What PyTorch did with one sample. */
export interface Sample {
  i: number;
  name: string;
  args: Tree[];
  kwargs: Record<string, Tree>;
  tensors: InputTensor[];
  storages: Place[];
  result?: Tree;
  raises?: Raised;
  backward?: Backward;
  /** What `out` shall be, in the forms that have it. */
  out?: Tree;
  /** Whether PyTorch returns the tensors that it writes to: one answer for each. */
  same?: boolean[];
  /** PyTorch writes to `out` and returns nothing. */
  nothing?: boolean;
  /** PyTorch itself has given different results. */
  varies?: boolean;
  /** Of error inputs: what the message must match, in Python's notation. */
  regex?: string;
}

export interface End {
  end: true;
  /** The database itself could not make its samples. */
  failed?: Raised;
}

/**
 * How an entry is called: as a function, as a method, in place, in place on a leaf that requires a gradient (which must
 * raise), into `out`, and into an `out` of another shape.
 */
export type Form = 'function' | 'method' | 'inplace' | 'leaf' | 'out' | 'resized';

/** An entry of op_db. */
export interface Entry {
  op: number;
  name: string;
  variant: string;
  path: string | null;
  dtypes: string[];
  errors: boolean;
  /** PyTorch's names of the method and of the form in place, where there are any. */
  method: string | null;
  inplace: string | null;
  /** Whether the function takes `out`. */
  out: boolean;
}

/** All entries, and PyTorch's version: the first frame. */
export interface Listing {
  version: string;
  ops: Entry[];
}

export type Header = Listing | Sample | End;

export interface Frame {
  header: Header;
  bytes: Buffer;
}

export interface Task {
  op: number;
  /** A dtype's name, or 'errors'. */
  kind: string;
  form: Form;
  skip?: number;
  limit?: number;
  /** How often PyTorch runs each sample first, to see whether its own result varies. */
  repeat?: number;
  /** Sends each frame at once, so that none is lost where the process dies. */
  flush?: boolean;
}

/** Puts frames together from whatever pieces the pipe gives. */
export class FrameReader {
  private pieces: Buffer[] = [];
  private size = 0;

  push(piece: Buffer): Frame[] {
    this.pieces.push(piece);
    this.size += piece.length;
    const frames: Frame[] = [];
    while (this.size >= 8) {
      const lengths = this.peek(8);
      const header = lengths.readUInt32LE(0);
      const total = 8 + header + lengths.readUInt32LE(4);
      if (this.size < total) break;
      const frame = this.take(total);
      frames.push({
        header: JSON.parse(frame.toString('utf8', 8, 8 + header)) as Header,
        bytes: frame.subarray(8 + header),
      });
    }
    return frames;
  }

  private peek(count: number): Buffer {
    const [first] = this.pieces;
    if (first !== undefined && first.length >= count) return first;
    this.pieces = [Buffer.concat(this.pieces)];
    return this.pieces[0] as Buffer;
  }

  private take(count: number): Buffer {
    const first = this.peek(count);
    this.size -= count;
    if (first.length === count) this.pieces.shift();
    else this.pieces[0] = first.subarray(count);
    return first.subarray(0, count);
  }
}
