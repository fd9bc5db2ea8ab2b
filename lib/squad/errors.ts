/** Where in a SQuAD file something is wrong: everything that is known at that point. */
export interface SquadLocation {
  /** The file's path, or the name given to the parser. */
  file: string;
  /** The article: its index in `data`, and its title once that has been read. */
  article?: { index: number; title?: string };
  /** The paragraph's index in its article. */
  paragraph?: number;
  /** The question: its index in the paragraph, and its id once that has been read. */
  question?: { index: number; id?: string };
}

/** `data.json: article 3 ("Title"), paragraph 0, question 2 (id "56be")` */
export function describeLocation(at: SquadLocation): string {
  const parts: string[] = [];
  if (at.article) {
    const { index, title } = at.article;
    parts.push(`article ${index}${title === undefined ? '' : ` (${JSON.stringify(title)})`}`);
  }
  if (at.paragraph !== undefined) parts.push(`paragraph ${at.paragraph}`);
  if (at.question) {
    const { index, id } = at.question;
    parts.push(`question ${index}${id === undefined ? '' : ` (id ${JSON.stringify(id)})`}`);
  }
  return parts.length === 0 ? at.file : `${at.file}: ${parts.join(', ')}`;
}

/**
 * A SQuAD dataset or prediction file that is not what it should be. The message names the file, the article (index
 * and title), the paragraph and the question as far as they are known; `location` holds the same as data. Indices
 * count from 0.
 */
export class SquadFormatError extends Error {
  override readonly name = 'SquadFormatError';
  readonly location: SquadLocation;

  constructor(location: SquadLocation, problem: string) {
    super(`${describeLocation(location)}: ${problem}`);
    this.location = location;
  }
}
