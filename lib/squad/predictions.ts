import { SquadFormatError } from './errors.js';
import { parseJson, readText } from './files.js';

/**
 * Reads a prediction file: one JSON object with an answer text for each question id, plain or gzip.
 * {@link SquadFormatError}, naming the file and the question, for anything else.
 */
export function loadPredictions(path: string): Map<string, string> {
  const root = parseJson(readText(path), path);
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    throw new SquadFormatError({ file: path }, 'predictions must be one object of question ids and answers');
  }
  const predictions = new Map<string, string>();
  for (const [id, answer] of Object.entries(root)) {
    if (typeof answer !== 'string') {
      const kind =
        answer === null ? 'null' : Array.isArray(answer) ? 'an array' : `a value of type ${typeof answer}`;
      throw new SquadFormatError(
        { file: path },
        `the answer to question ${JSON.stringify(id)} is ${kind}, no string`,
      );
    }
    predictions.set(id, answer);
  }
  return predictions;
}
