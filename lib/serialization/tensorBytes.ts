/** The bytes of tensors of any dtype, in pieces through one small buffer, so that no copy of a whole one is made. */
import { sharePrivately } from '../creation.js';
import { uint8 } from '../dtype.js';
import { keep, tidy } from '../memory.js';
import type { Tensor } from '../tensor.js';

const CHUNK_BYTES = 8 * 1024 * 1024;

/** A buffer that JavaScript and libtorch see alike. */
export class ByteChannel {
  readonly #bytes: Uint8Array;
  readonly #shared: Tensor;

  /** @param largest the size of the largest tensor that will pass, in bytes. */
  constructor(largest: number) {
    this.#bytes = new Uint8Array(Math.max(1, Math.min(CHUNK_BYTES, largest)));
    this.#shared = keep(sharePrivately(this.#bytes));
  }

  /** Passes the bytes of a tensor on any device to `write`, piece by piece; a piece is valid until the next one. */
  read(tensor: Tensor, write: (bytes: Uint8Array) => void): void {
    tidy(() => {
      const flat = flatBytes(tensor.detach().cpu().resolveConj().resolveNeg().contiguous());
      this.#pieces(flat, (piece, shared, count) => {
        shared.copy_(piece);
        write(this.#bytes.subarray(0, count));
      });
    });
  }

  /** Fills a contiguous tensor on the CPU with what `read` puts into each piece. */
  fill(tensor: Tensor, read: (bytes: Uint8Array) => void): void {
    tidy(() => {
      const flat = flatBytes(tensor);
      this.#pieces(flat, (piece, shared, count) => {
        read(this.#bytes.subarray(0, count));
        piece.copy_(shared);
      });
    });
  }

  #pieces(flat: Tensor, visit: (piece: Tensor, shared: Tensor, count: number) => void): void {
    const total = flat.numel();
    for (let start = 0; start < total; start += this.#bytes.length) {
      const count = Math.min(this.#bytes.length, total - start);
      tidy(() => visit(flat.narrow(0, start, count), this.#shared.narrow(0, 0, count), count));
    }
  }

  [Symbol.dispose](): void {
    this.#shared.dispose();
  }
}

/** The bytes of a contiguous tensor as a flat view. */
function flatBytes(tensor: Tensor): Tensor {
  const flat = tensor.view([-1]);
  return flat.dtype === uint8 ? flat : flat.view(uint8);
}
