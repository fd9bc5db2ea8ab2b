import { isGradEnabled } from '../../autograd/modes.js';
import { embedding as lookUp } from '../../nn/functional/sparse.js';
import type { RemovableHandle } from '../../nn/modules/hooks.js';
import { Embedding } from '../../nn/modules/sparse.js';
import type { Tensor } from '../../tensor.js';
import * as torch from '../../torch.js';
import { AdversarialError } from '../errors.js';
import type { Deltas, Slot } from '../slot.js';
import { noGradient } from './outputs.js';
import type { Site, Target } from './target.js';

/**
 * The rows of an `nn.Embedding`'s matrix that the batch uses: a row's perturbation is shared by all occurrences of its
 * token, in all examples and calls. This is what the forum's step perturbs. Only the rows of the batch are ever
 * looked at: where the embedding is frozen, or has sparse gradients, a step's cost does not depend on the vocabulary.
 * The matrix itself does not change, so that other uses of a tied weight see nothing of the perturbation; to perturb
 * it for them too, see `weights`. The row of `paddingIdx` is left alone.
 */
export function rows(embedding: Embedding): Target {
  if (!(embedding instanceof Embedding))
    throw new TypeError('rows(): expected an nn.Embedding; for the rows of another parameter see weights()');
  const name = 'the rows of Embedding';
  return { name, open: () => new RowsSite(name, embedding) };
}

/** One call of the embedding. */
interface Call {
  input: Tensor;
  /** The tokens, each once, sorted: `[U]`; and of the input's shape the place of each among them. */
  unique: Tensor;
  places: Tensor;
  /** Where the padding's row is among them; null: nowhere. */
  padding: number | null;
  /** The place of each among the rows of all calls; null where there is one call. */
  inAll: Tensor | null;
}

class RowsSite implements Site {
  readonly watched: Tensor[] = [];
  private readonly known: Call[] = [];
  private joined: Slot[] = [];
  private calls = 0;
  private deltas: Deltas | null = null;
  private watches = false;
  private hook: RemovableHandle | null = null;

  constructor(
    readonly name: string,
    private readonly embedding: Embedding,
  ) {}

  enter(deltas: Deltas | null, watch: boolean): void {
    this.deltas = deltas;
    this.watches = watch;
    this.calls = 0;
    this.watched.length = 0;
    this.hook = this.embedding.registerForwardHook((_, [input]) => this.called(input as Tensor));
  }

  leave(): void {
    this.hook?.remove();
    this.hook = null;
  }

  /** Known once the model has run. */
  get slots(): readonly Slot[] {
    if (this.joined.length === 0 && this.known.length > 0) this.joined = [this.join()];
    return this.joined;
  }

  private called(input: Tensor): Tensor {
    const call = this.callOf(input, this.calls++);
    const { embedding } = this;
    const { weight, scaleGradByFreq, sparse } = embedding;
    const { unique, places, padding, inAll } = call;
    const isTrained = weight.requiresGrad && isGradEnabled();
    let value = isTrained
      ? lookUp(unique, weight, padding === null ? null : embedding.paddingIdx, null, 2, false, sparse)
      : weight.detach().indexSelect(0, unique);
    const delta = this.deltas?.[0];
    if (delta !== undefined) value = value.add(inAll === null ? delta : delta.indexSelect(0, inAll));
    if (this.watches) {
      if (value.requiresGrad) value.retainGrad();
      else value = value.detach().requiresGrad_();
      this.watched.push(value);
    }
    return lookUp(places, value, padding, null, 2, scaleGradByFreq);
  }

  private callOf(input: Tensor, index: number): Call {
    const found = this.known[index];
    if (found !== undefined && torch.equal(found.input, input)) return found;
    if (this.joined.length > 0) {
      throw new AdversarialError(
        'other-input',
        `${this.name}: a later pass over the batch looks up other tokens than the first`,
      );
    }
    const [unique, places] = torch.unique(input, { returnInverse: true }) as [Tensor, Tensor];
    const { paddingIdx } = this.embedding;
    // Sorted, so that the padding's place is the number of smaller tokens.
    const place = paddingIdx === null ? 0 : (unique.lt(paddingIdx).sum().item() as number);
    const isThere =
      paddingIdx !== null && place < unique.size(0) && unique.select(0, place).item() === paddingIdx;
    const call = { input, unique, places, padding: isThere ? place : null, inAll: null };
    this.known.push(call);
    return call;
  }

  /** After the first pass: the rows of all calls. */
  private join(): Slot {
    const { known, embedding } = this;
    let unique = (known[0] as Call).unique;
    if (known.length > 1) {
      unique = torch.unique(torch.cat(known.map((call) => call.unique))) as Tensor;
      for (const call of known) call.inAll = torch.searchsorted(unique, call.unique);
    }
    const { paddingIdx } = embedding;
    const mask = paddingIdx === null ? null : unique.ne(paddingIdx).to(embedding.weight.dtype).unsqueeze(1);
    return { kind: 'rows', value: embedding.weight.detach().indexSelect(0, unique), mask };
  }

  gradients(watched: readonly (Tensor | null)[]): Tensor[] {
    const [slot] = this.slots;
    if (slot === undefined) return [];
    const found = watched.filter((gradient) => gradient !== null);
    if (found.length === 0) throw noGradient(this.name);
    if (this.known.length === 1) return found;
    let sum: Tensor | null = null;
    this.known.forEach(({ inAll }, i) => {
      const gradient = watched[i] ?? null;
      if (gradient === null) return;
      sum ??= torch.zeros(slot.value.shape, { dtype: gradient.dtype, device: gradient.device });
      sum.indexAdd_(0, inAll as Tensor, gradient);
    });
    return [sum as unknown as Tensor];
  }
}
