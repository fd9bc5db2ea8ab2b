import type { Draw } from './draw.js';

/**
 * What can be told and asked about one sort of thing.
 *
 * Texts hold slots in braces. Any name from `values` stands for that fact about the subject. Further:
 *  - `{Self}` opens a sentence and `{self}` stands inside one: the subject's name, or, when the sentence before was
 *    about it too, a pronoun or a phrase such as "the town";
 *  - `{Own}` and `{own}` are the same as possessives: "Lomen's", "the town's", "its";
 *  - `{Name}` and `{name}` are always the name; `{other}` is the name of the passage's other subject.
 */
export interface Topic {
  /** The phrase that can stand for a subject already named: "the town". */
  phrase: string;
  /** The pronoun and its possessive; by default "it" and "its". */
  pronouns?: (name: string) => [string, string];
  /** A name never given before, with its article if it has one. */
  name: (draw: Draw) => string;
  /** The facts: how to make each one up. */
  values: Record<string, (draw: Draw) => string>;
  /** Opening sentences about the passage's main subject. */
  intros: string[];
  /** Sentences that bring in the other subject, of the same sort; they may speak of the first as `{other}`. */
  rivals: string[];
  /** What else is told: for each thing to tell, several ways to say it. */
  statements: string[][];
  /** Sentences with the same sorts of facts that nobody asks about. */
  asides: string[];
  /** Questions after each fact, with `{name}`. */
  questions: Record<string, string[]>;
  /** Questions after the subject's name, with the fact as the slot. */
  reverse: Record<string, string[]>;
}
