/** What every suite of the benchmark is, and what it reports. */

/** One measurement: a row of the table, and what the guard compares with the recorded ratio. */
export interface Measurement {
  /** Unique in its suite, and the name under which its ratio is recorded. */
  name: string;
  /** What litorch took, as it is printed; empty where the ratio says it all. */
  litorch: string;
  /** What the other side took, as it is printed; empty where there is none. */
  other: string;
  /** litorch to the other side: the less the better. */
  ratio: number;
  /** The ratio that is aimed at, if any. */
  limit?: number;
  /** Rounds, whether the results agree, ... */
  note?: string;
  /** Whether the two sides' results differ, which no speed makes good. */
  wrong?: boolean;
}

/** How many rounds: so many, or as many as it takes for the median to be known well enough. */
export interface Rounds {
  least: number;
  most: number;
  /** Stop where the median's 95 % confidence interval is within this part of it to each side. */
  within: number;
}

export interface SuiteOptions {
  /** The Python that has PyTorch; null where there is none. */
  python: string | null;
  /** The number of rounds that the user asked for, if any. */
  rounds: number | undefined;
  /** The numbers of threads that the user asked for, if any. */
  threads: readonly number[] | undefined;
  /** Parts of names, separated by commas: only what has one of them is measured; all where empty. */
  filter: string;
  /** For the operators: which shapes, and the seconds of one part of a round. */
  shapes: readonly string[];
  seconds: number;
  /** Where set, what doesn't satisfy it need not be measured: the guard's repeat asks for a few cases only. */
  wants: (name: string) => boolean;
  /** Prints what is no row of the common table. */
  say: (text: string) => void;
}

export interface Suite {
  readonly name: string;
  /** Whether it compares with PyTorch of Python, and is left out where there is none. */
  readonly needsPython: boolean;
  /** Whether it takes so long or needs so much that it runs only where `--only` names it. */
  readonly onlyByName?: boolean;
  measure(options: SuiteOptions): AsyncIterable<Measurement>;
}

/** Whether a name has one of the parts of a filter. */
export function passes(filter: string, name: string): boolean {
  const parts = filter.split(',').filter((part) => part !== '');
  return parts.length === 0 || parts.some((part) => name.includes(part));
}

export const milliseconds = (seconds: number): string =>
  seconds < 0.01 ? `${(seconds * 1000).toFixed(3)} ms` : `${(seconds * 1000).toFixed(1)} ms`;
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
