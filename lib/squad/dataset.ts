import { gzipSync } from 'node:zlib';
import { SquadFormatError, type SquadLocation } from './errors.js';
import { parseJson, readText, writeWhole } from './files.js';
import { codePointLength, codePointsToUtf16 } from './offsets.js';

/** One gold answer. */
export interface SquadAnswer {
  text: string;
  /**
   * Where `text` begins in the context, as a JavaScript string index (UTF-16), so that
   * `context.slice(start, start + text.length) === text`; -1 where the file's offset does not lead to the text.
   */
  start: number;
}

export interface SquadQuestion {
  id: string;
  question: string;
  /** At least one. */
  answers: SquadAnswer[];
}

export interface SquadParagraph {
  context: string;
  questions: SquadQuestion[];
}

export interface SquadArticle {
  title: string;
  paragraphs: SquadParagraph[];
}

/** A SQuAD v1.1 dataset, checked: ids are unique, and there is at least one question. */
export interface SquadDataset {
  /** The file's `version`, where it has one. */
  version?: string;
  articles: SquadArticle[];
}

export interface SquadOptions {
  /** Keep the first `limit` questions, in the file's order. The whole file is checked all the same. */
  limit?: number;
  /**
   * Whether an answer that is not at its `answer_start` is an error, as training needs. Without it (the default,
   * enough for evaluation, which compares texts) such an answer is kept with `start: -1`.
   */
  requireSpans?: boolean;
}

/** A question with the context that it is asked about. */
export interface LocatedQuestion extends SquadQuestion {
  title: string;
  context: string;
}

type Json = Record<string, unknown>;

/**
 * Reads a dataset in the official SQuAD v1.1 JSON, plain or gzip (told by its first bytes, not its name).
 *
 * Throws {@link SquadFormatError}, naming file, article and question, for whatever is not valid: not JSON, a field
 * missing or of a wrong type, an id used twice, an empty text, no questions at all, and, with `requireSpans`, an
 * answer that is not at its `answer_start`. Fields that are not part of the format are passed over. `RangeError`
 * for a bad `limit`; Node's own error where the file cannot be opened.
 */
export function loadSquad(path: string, options: SquadOptions = {}): SquadDataset {
  return parseSquad(readText(path), { ...options, file: path });
}

/** {@link loadSquad} for JSON text that is already in memory; `file` is the name used in errors. */
export function parseSquad(json: string, options: SquadOptions & { file?: string } = {}): SquadDataset {
  const { limit, requireSpans = false, file = '<text>' } = options;
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new RangeError(`limit must be a positive integer, got ${String(limit)}`);
  }
  const root = object(parseJson(json, file), { file }, 'the file');
  const version = root.version === undefined ? undefined : string(root, 'version', { file });
  const reader = new Reader(file, requireSpans);
  const articles = list(root, 'data', { file }).map((entry, index) => reader.article(entry, index));
  if (reader.ids.size === 0) throw new SquadFormatError({ file }, 'there is no question in it');
  const dataset: SquadDataset = version === undefined ? { articles } : { version, articles };
  return limit === undefined ? dataset : takeQuestions(dataset, limit);
}

class Reader {
  /** Every id so far, and where it was. */
  readonly ids = new Map<string, string>();

  constructor(
    private readonly file: string,
    private readonly requireSpans: boolean,
  ) {}

  article(value: unknown, index: number): SquadArticle {
    const at: SquadLocation = { file: this.file, article: { index } };
    const entry = object(value, at, 'the article');
    const title = string(entry, 'title', at);
    const here: SquadLocation = { file: this.file, article: { index, title } };
    const paragraphs = list(entry, 'paragraphs', here).map((paragraph, i) =>
      this.paragraph(paragraph, { ...here, paragraph: i }),
    );
    return { title, paragraphs };
  }

  private paragraph(value: unknown, at: SquadLocation): SquadParagraph {
    const entry = object(value, at, 'the paragraph');
    const context = nonEmpty(entry, 'context', at);
    const questions = list(entry, 'qas', at).map((qa, index) => this.question(qa, context, at, index));
    return { context, questions };
  }

  private question(value: unknown, context: string, at: SquadLocation, index: number): SquadQuestion {
    const unnamed = { ...at, question: { index } };
    const entry = object(value, unnamed, 'the question');
    const id = nonEmpty(entry, 'id', unnamed);
    const here: SquadLocation = { ...at, question: { index, id } };
    const place = `article ${at.article?.index}, paragraph ${at.paragraph}, question ${index}`;
    const earlier = this.ids.get(id);
    if (earlier !== undefined) throw new SquadFormatError(here, `its id is already that of ${earlier}`);
    this.ids.set(id, place);
    const question = nonEmpty(entry, 'question', here);
    const answers = list(entry, 'answers', here);
    if (answers.length === 0) {
      const hint =
        'is_impossible' in entry ? '; questions without an answer are SQuAD 2.0, this reads 1.1' : '';
      throw new SquadFormatError(here, `"answers" is empty${hint}`);
    }
    return { id, question, answers: answers.map((answer, i) => this.answer(answer, context, here, i)) };
  }

  private answer(value: unknown, context: string, at: SquadLocation, index: number): SquadAnswer {
    const name = `answers[${index}]`;
    const entry = object(value, at, name);
    const text = nonEmpty(entry, 'text', at, name);
    const offset = entry.answer_start;
    if (typeof offset !== 'number' || !Number.isInteger(offset)) {
      throw new SquadFormatError(at, `${name}.answer_start must be an integer, ${got(offset)}`);
    }
    const start = findAnswer(context, text, offset);
    if (start === -1 && this.requireSpans) {
      const length = codePointLength(context);
      const why =
        offset < 0 || offset >= length
          ? `${name}.answer_start ${offset} is outside the context of ${length} characters`
          : `${name}.text ${JSON.stringify(text)} is not at its answer_start ${offset}: there is ` +
            JSON.stringify([...context].slice(offset, offset + codePointLength(text)).join(''));
      throw new SquadFormatError(at, why);
    }
    return { text, start };
  }
}

/**
 * The official files count code points. A file written by a program that counts UTF-16 units differs from that only
 * behind a character beyond U+FFFF; its offset is accepted where the text is there and not at the code point.
 */
function findAnswer(context: string, text: string, offset: number): number {
  if (offset < 0) return -1;
  const start = codePointsToUtf16(context, offset);
  if (start !== -1 && context.startsWith(text, start)) return start;
  return offset < context.length && context.startsWith(text, offset) ? offset : -1;
}

/** The first `count` questions, in order; paragraphs and articles left empty by that are dropped. */
export function takeQuestions(dataset: SquadDataset, count: number): SquadDataset {
  let left = count;
  const articles: SquadArticle[] = [];
  for (const { title, paragraphs } of dataset.articles) {
    const kept: SquadParagraph[] = [];
    for (const { context, questions } of paragraphs) {
      if (left <= 0) break;
      const some = questions.slice(0, left);
      left -= some.length;
      if (some.length > 0) kept.push({ context, questions: some });
    }
    if (kept.length > 0) articles.push({ title, paragraphs: kept });
  }
  return { ...dataset, articles };
}

/** Every question of a dataset with its context, in the file's order. */
export function* questionsOf(dataset: SquadDataset): Generator<LocatedQuestion, void, undefined> {
  for (const { title, paragraphs } of dataset.articles) {
    for (const { context, questions } of paragraphs) {
      for (const question of questions) yield { ...question, title, context };
    }
  }
}

/** How many questions a dataset has. */
export function countQuestions(dataset: SquadDataset): number {
  let count = 0;
  for (const { paragraphs } of dataset.articles) {
    for (const { questions } of paragraphs) count += questions.length;
  }
  return count;
}

/** The official JSON of a dataset (offsets in code points again); {@link parseSquad} of it gives an equal dataset. */
export function stringifySquad(dataset: SquadDataset): string {
  return JSON.stringify({
    version: dataset.version ?? '1.1',
    data: dataset.articles.map(({ title, paragraphs }) => ({
      title,
      paragraphs: paragraphs.map(({ context, questions }) => ({
        context,
        qas: questions.map(({ id, question, answers }) => ({
          id,
          question,
          answers: answers.map(({ text, start }) => ({
            text,
            answer_start: start < 0 ? -1 : codePointLength(context.slice(0, start)),
          })),
        })),
      })),
    })),
  });
}

/** Writes {@link stringifySquad} to a file, compressed where its name ends in `.gz`, under a temporary name first. */
export function saveSquad(path: string, dataset: SquadDataset): void {
  const bytes = Buffer.from(stringifySquad(dataset), 'utf8');
  writeWhole(path, [path.endsWith('.gz') ? gzipSync(bytes) : bytes]);
}

function object(value: unknown, at: SquadLocation, name: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SquadFormatError(at, `${name} must be an object, ${got(value)}`);
  }
  return value as Json;
}

function list(entry: Json, key: string, at: SquadLocation): unknown[] {
  const value = entry[key];
  if (!Array.isArray(value)) throw new SquadFormatError(at, `"${key}" must be an array, ${got(value)}`);
  return value;
}

function string(entry: Json, key: string, at: SquadLocation, owner?: string): string {
  const value = entry[key];
  const name = owner === undefined ? `"${key}"` : `${owner}.${key}`;
  if (typeof value !== 'string') throw new SquadFormatError(at, `${name} must be a string, ${got(value)}`);
  return value;
}

function nonEmpty(entry: Json, key: string, at: SquadLocation, owner?: string): string {
  const value = string(entry, key, at, owner);
  if (value === '')
    throw new SquadFormatError(at, `${owner === undefined ? `"${key}"` : `${owner}.${key}`} is empty`);
  return value;
}

function got(value: unknown): string {
  if (value === undefined) return 'but it is missing';
  if (value === null) return 'got null';
  if (Array.isArray(value)) return 'got an array';
  if (typeof value === 'object') return 'got an object';
  const text = JSON.stringify(value);
  return `got ${typeof value} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}
