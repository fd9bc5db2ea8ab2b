import { bool, int, optional, parameters, type Rest, tensor, text, withDefault } from '../arguments.js';
import { TorchError } from '../errors.js';
import { tidy } from '../memory.js';
import { ops } from '../ops.js';
import type { Tensor } from '../tensor.js';
import { reader } from './arguments.js';

/** Options of {@link stft}. */
export interface StftOptions {
  /** Samples from one frame to the next. Default: `floor(nFft / 4)`. */
  hopLength?: number | null;
  /** The length of the window and of a frame. Default: `nFft`. */
  winLength?: number | null;
  /** The window, of length `winLength`. Default: ones. */
  window?: Tensor | null;
  /** Whether the signal is padded on both sides, so that frame t is centred at sample `t * hopLength`. Default: `true`. */
  center?: boolean;
  /** How it is padded. Default: `'reflect'`. */
  padMode?: string;
  /** Whether the results are divided by the root of the frame's length. Default: `false`. */
  normalized?: boolean;
  /** Whether only the frequencies from 0 to `nFft / 2` come back. Default: `true` for a real signal and window. */
  onesided?: boolean | null;
  /** Whether the result is complex. Has to be given for a real signal, and should be `true`. */
  returnComplex?: boolean | null;
  /** Whether the first frame starts where the window does, and not where the FFT does. Only without `center`. */
  alignToWindow?: boolean | null;
}

type Positional = [
  hopLength: number | null,
  winLength: number | null,
  window: Tensor | null,
  center: boolean,
  padMode: string,
  normalized: boolean,
  onesided: boolean | null,
  returnComplex: boolean | null,
  alignToWindow: boolean | null,
];

/** The arguments of {@link stft} after `nFft`. */
export type StftRest = Rest<Positional, StftOptions>;

const read = reader(() =>
  parameters('stft', {
    input: tensor,
    nFft: int,
    hopLength: optional(int),
    winLength: optional(int),
    window: optional(tensor),
    center: withDefault(bool, true),
    padMode: withDefault(text(), 'reflect'),
    normalized: withDefault(bool, false),
    onesided: optional(bool),
    returnComplex: optional(bool),
    alignToWindow: optional(bool),
  }),
);

/**
 * The short-time Fourier transform: the spectra of overlapping frames of a signal `(B?, L)`. The result is
 * `(B?, N, T)`, with N frequencies and T frames.
 *
 * See https://docs.pytorch.org/docs/2.13/generated/torch.stft.html
 *
 * @throws TorchError where the frames do not fit, where `returnComplex` is missing for a real signal, and for
 *   `alignToWindow` together with `center`.
 */
export function stft(input: Tensor, nFft: number, ...rest: StftRest): Tensor;
export function stft(...given: readonly unknown[]): Tensor {
  const { input, nFft, center, padMode, alignToWindow, ...other } = read(given);
  if (center && alignToWindow !== null)
    throw new TorchError('stft align_to_window should only be set when center = false');
  return tidy(() => {
    let signal = input;
    if (center) {
      const { shape } = input;
      const extended = [...new Array<number>(Math.max(0, 3 - shape.length)).fill(1), ...shape];
      const pad = Math.floor(nFft / 2);
      signal = ops.aten.pad(input.view(extended), [pad, pad], padMode, null) as Tensor;
      signal = signal.view(signal.shape.slice(-shape.length));
    }
    const { hopLength, winLength, window, normalized, onesided, returnComplex } = other;
    const call = ops.aten.stft.default;
    return call(
      signal,
      nFft,
      hopLength,
      winLength,
      window,
      normalized,
      onesided,
      returnComplex,
      alignToWindow,
    ) as Tensor;
  });
}
