/** What a report holds. {@link writeHtmlReport} makes a page of it. */

/** A value over several seeds: its mean, and its sample deviation where there is more than one. */
export interface Measured {
  mean: number;
  deviation?: number;
}

/** One report: one page. Texts are plain text; nothing in them is taken for markup. */
export interface Report {
  title: string;
  /** One sentence under the title: the data, the sizes, the number of seeds. */
  subtitle?: string;
  /** The command that made it, as it was typed. */
  command: string;
  settings: Readonly<Record<string, string | number | boolean>>;
  /** The arms in their order, which gives each its colour, line style and marker in every panel. */
  arms: readonly string[];
  panels: readonly Panel[];
  tables: readonly Table[];
  flips: readonly Flip[];
  /** Paragraphs on what to make of it. */
  notes?: readonly string[];
}

/** One plot: curves over one horizontal axis. */
export interface Panel {
  title: string;
  /** What the axes are, units included: `'step'`, `'ε'`, `'F1, %'`. */
  xName: string;
  yName: string;
  series: readonly Series[];
  /** Whether the vertical axis begins at 0 (default: only where the values come near it). */
  fromZero?: boolean;
  /** One sentence under the title. */
  caption?: string;
}

/** One line of a panel. */
export interface Series {
  arm: string;
  /** Whether it is the arm's control, such as random noise of the same size: drawn dashed (default `false`). */
  control?: boolean;
  /**
   * What the line is called (default: the arm, with `, random` for a control). Lines of one arm that aren't its
   * control need one each.
   */
  name?: string;
  /** In ascending order of `x`. A deviation is drawn as a band or as a bar. */
  points: readonly Point[];
}

export interface Point extends Measured {
  x: number;
}

export interface Table {
  title: string;
  /** The columns after the first, which holds the rows' labels. */
  columns: readonly Column[];
  rows: readonly Row[];
  caption?: string;
}

export interface Column {
  name: string;
  /** Shown under the name: `'%'`, `'s'`, `'MiB'`. */
  unit?: string;
  /** Digits after the point (default: 2). */
  digits?: number;
}

export interface Row {
  label: string;
  /** The arm whose colour marks the row; none without it. */
  arm?: string;
  /** One for each column. A number is a mean ± deviation, a text stays as it is, and `null` is a dash. */
  cells: readonly (Measured | string | null)[];
}

/** A question whose answer is another under the attack. */
export interface Flip {
  arm: string;
  /** The size of the whole perturbation. */
  epsilon: number;
  id: string;
  /** The answers that count as right; for a classifier, the label. */
  gold: readonly string[];
  /** The answer on clean input, and under the attack. */
  before: string;
  after: string;
  /** Empty where there is no question, as for a classifier. */
  question: readonly ShadedToken[];
  context: readonly ShadedToken[];
}

/** One token as it stands in the text. */
export interface ShadedToken {
  text: string;
  /** The norm of its perturbation, at least 0. The strongest shade is the largest of the example's. */
  size: number;
  /** Whether it is in the clean answer, and in the answer under the attack. */
  inBefore?: boolean;
  inAfter?: boolean;
  /** Whether white space goes before it (default `true`, except for closing punctuation and after an opening one). */
  spaceBefore?: boolean;
}
