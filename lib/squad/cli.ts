import { parseArgs } from 'node:util';
import { evaluateAddSent } from './addsent.js';
import { loadSquad, questionsOf, type SquadDataset } from './dataset.js';
import { SquadFormatError } from './errors.js';
import { type AnswerScore, evaluateSquad } from './metric.js';
import { loadPredictions } from './predictions.js';
import { pythonFloat } from './python-float.js';

const HELP = `Usage: litorch squad-eval [--addsent] DATASET PREDICTIONS

Scores answers to SQuAD v1.1 questions by the official rules and prints
{"exact_match": ..., "f1": ...} in percent. A question without an answer counts as 0.

  DATASET      questions in the official JSON, plain or .gz
  PREDICTIONS  a JSON object of question ids and answer texts, plain or .gz
  --addsent    DATASET is the AddSent set: print the clean score of the original
               questions and the adversarial one, by each question's worst variant
  -h, --help   print this

Exit status: 0 when scored, 1 when a file cannot be read or is malformed, 2 for wrong usage.
`;

/** Where a command writes: the process's own streams, or a test's. */
export interface Output {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

/** `litorch squad-eval` with its arguments, without the command's name. Gives the exit status. */
export async function main(argv: readonly string[], { stdout, stderr }: Output = process): Promise<number> {
  const usage = (problem: string) => {
    stderr.write(`litorch squad-eval: ${problem}\n\n${HELP}`);
    return 2;
  };
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    return usage((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    stdout.write(HELP);
    return 0;
  }
  const [datasetPath, predictionsPath] = positionals;
  if (datasetPath === undefined || predictionsPath === undefined || positionals.length > 2) {
    return usage(`needs DATASET and PREDICTIONS, got ${positionals.length} file names`);
  }
  try {
    const dataset = loadSquad(datasetPath);
    const predictions = loadPredictions(predictionsPath);
    noteUnknown(dataset, predictions, stderr);
    if (values.addsent) {
      const { clean, adversarial, missing } = evaluateAddSent(dataset, predictions);
      noteMissing(missing, stderr);
      stdout.write(`{"clean": ${format(clean)}, "adversarial": ${format(adversarial)}}\n`);
    } else {
      const score = evaluateSquad(dataset, predictions);
      noteMissing(score.missing, stderr);
      stdout.write(`${format(score)}\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof SquadFormatError) && !isSystemError(error)) throw error;
    stderr.write(`litorch squad-eval: ${error.message}\n`);
    return 1;
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { addsent: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
}

function format({ exactMatch, f1 }: AnswerScore): string {
  return `{"exact_match": ${pythonFloat(exactMatch)}, "f1": ${pythonFloat(f1)}}`;
}

function noteMissing(missing: readonly string[], stderr: Output['stderr']): void {
  for (const id of missing.slice(0, 10)) stderr.write(`Unanswered question ${id} will receive score 0.\n`);
  if (missing.length > 10) stderr.write(`... and ${missing.length - 10} more, ${missing.length} in all.\n`);
}

/** Predictions for questions that the dataset hasn't got point to a mix-up of files. */
function noteUnknown(
  dataset: SquadDataset,
  predictions: Map<string, string>,
  stderr: Output['stderr'],
): void {
  const ids = new Set<string>();
  for (const { id } of questionsOf(dataset)) ids.add(id);
  let unknown = 0;
  for (const id of predictions.keys()) if (!ids.has(id)) unknown++;
  if (unknown > 0)
    stderr.write(`${unknown} of ${predictions.size} predictions are for questions not in the dataset.\n`);
}

/** A file that cannot be opened or read. Told by its fields, since it may come from another realm. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'syscall' in error && 'code' in error;
}
