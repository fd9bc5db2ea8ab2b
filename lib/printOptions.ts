/**
 * How tensors are printed: the counterpart of `torch.set_printoptions`.
 *
 * Source page: https://docs.pytorch.org/docs/2.13/generated/torch.set_printoptions.html
 */

/** The options in force, as `getPrintoptions` gives them. */
export interface PrintOptions {
  /** Digits after the decimal point of a floating point element. Default 4. */
  precision: number;
  /** A tensor with more elements than this is summarised. Default 1000; `Infinity` never summarises. */
  threshold: number;
  /** Elements shown at each end of each dimension of a summarised tensor. Default 3. */
  edgeitems: number;
  /** Characters a line may have before it is broken. Default 80. */
  linewidth: number;
  /** Scientific notation: on, off, or `null` (the default) to choose it by the values. */
  sciMode: boolean | null;
}

/** A named set of options: each sets all but `sciMode`, and single options win over it. */
export type PrintProfile = 'default' | 'short' | 'full';

const PROFILES: Readonly<Record<PrintProfile, Omit<PrintOptions, 'sciMode'>>> = {
  default: { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 },
  short: { precision: 2, threshold: 1000, edgeitems: 2, linewidth: 80 },
  full: { precision: 4, threshold: Number.POSITIVE_INFINITY, edgeitems: 3, linewidth: 80 },
};

const OPTION_NAMES = new Set(['precision', 'threshold', 'edgeitems', 'linewidth', 'profile', 'sciMode']);

let current: PrintOptions = { ...PROFILES.default, sciMode: null };

/**
 * Sets options for printing tensors. An option left out keeps its value, except `sciMode`, which goes back to
 * being chosen by the values: that is what `torch.set_printoptions` does.
 *
 * @param options `precision`, `threshold`, `edgeitems`, `linewidth`, `sciMode` (see {@link PrintOptions}), and
 *   `profile`: `'default'`, `'short'` (2 digits, 2 edge items) or `'full'` (no summarising).
 * @throws TypeError for an option that does not exist or has the wrong type, RangeError for a bad value. Nothing
 *   is changed then.
 */
export function setPrintoptions(
  options: Partial<PrintOptions> & { profile?: PrintProfile | null } = {},
): void {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.has(name)) throw new TypeError(`setPrintoptions(): unknown option '${name}'`);
  }
  const { precision, threshold, edgeitems, linewidth, profile, sciMode } = options;
  const next = { ...current };
  if (profile !== undefined && profile !== null) {
    if (!Object.hasOwn(PROFILES, profile)) {
      throw new RangeError(
        `setPrintoptions(): profile must be 'default', 'short' or 'full', but got '${String(profile)}'`,
      );
    }
    Object.assign(next, PROFILES[profile]);
  }
  if (precision !== undefined) next.precision = checkCount('precision', precision);
  if (threshold !== undefined) next.threshold = checkNumber('threshold', threshold);
  if (edgeitems !== undefined) next.edgeitems = checkCount('edgeitems', edgeitems);
  if (linewidth !== undefined) next.linewidth = checkNumber('linewidth', linewidth);
  if (sciMode !== undefined && sciMode !== null && typeof sciMode !== 'boolean') {
    throw new TypeError(`setPrintoptions(): sciMode must be a boolean or null, but got ${typeof sciMode}`);
  }
  next.sciMode = sciMode ?? null;
  current = next;
}

/**
 * The options in force, as an object that can be passed to {@link setPrintoptions}.
 *
 * @returns a copy: changing it changes nothing.
 */
export function getPrintoptions(): PrintOptions {
  return { ...current };
}

/**
 * Calls `fn` with print options changed, and puts the earlier ones back afterwards, also when `fn` throws.
 *
 * @param options as for {@link setPrintoptions}.
 * @param fn a synchronous function.
 * @returns what `fn` returns.
 */
export function printoptions<R>(options: Parameters<typeof setPrintoptions>[0], fn: () => R): R {
  const before = current;
  setPrintoptions(options);
  try {
    return fn();
  } finally {
    current = before;
  }
}

function checkNumber(name: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new TypeError(`setPrintoptions(): ${name} must be a number, but got ${typeof value}`);
  }
  if (Number.isNaN(value)) throw new RangeError(`setPrintoptions(): ${name} must not be NaN`);
  return value;
}

function checkCount(name: string, value: unknown): number {
  const count = checkNumber(name, value);
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new RangeError(`setPrintoptions(): ${name} must be a non-negative integer, but got ${count}`);
  }
  return count;
}
