/**
 * SQuAD v1.1: reading the data, cutting it into tokens and batches, decoding answer spans, and the official score.
 *
 * Nothing here needs a tensor: batches are typed arrays that `fromTypedArray` takes as they are.
 *
 *     const data = squad.loadSquad('train-v1.1.json.gz', { requireSpans: true });
 *     const vocabulary = squad.Vocabulary.build(squad.datasetTokens(data), { minFrequency: 2 });
 *     const examples = squad.buildExamples(data, vocabulary, { train: true, maxContext: 400 });
 *     for (const batch of squad.batches(examples, { batchSize: 32, seed: 1 })) {
 *       const context = fromTypedArray(batch.context, [batch.size, batch.contextWidth]);
 *       // ...
 *     }
 */
export { type AddSentScore, evaluateAddSent } from './addsent.js';
export { batches, makeBatch, type SquadBatch } from './batching.js';
export {
  countQuestions,
  type LocatedQuestion,
  loadSquad,
  parseSquad,
  questionsOf,
  type SquadAnswer,
  type SquadArticle,
  type SquadDataset,
  type SquadOptions,
  type SquadParagraph,
  type SquadQuestion,
  saveSquad,
  stringifySquad,
  takeQuestions,
} from './dataset.js';
export { SquadFormatError, type SquadLocation } from './errors.js';
export { buildExamples, datasetTokens, type ExampleOptions, type SquadExample } from './examples.js';
export { writeBatches } from './exchange.js';
export { contextFeatures, FEATURE_COUNT, FEATURE_NAMES } from './features.js';
export {
  type AnswerScore,
  evaluateSquad,
  exactMatchScore,
  f1Score,
  type Predictions,
  type SquadScore,
  scoreAnswer,
} from './metric.js';
export { normalizeAnswer } from './normalize.js';
export { type BatchOrderOptions, batchOrder } from './order.js';
export { loadPredictions } from './predictions.js';
export { SeededRandom } from './random.js';
export { type BatchSpanOptions, bestSpan, bestSpans, type ScoredSpan, type SpanOptions } from './span.js';
export { alignSpan, spanText, type Token, type TokenSpan, tokenize } from './tokenizer.js';
export { Vocabulary, type VocabularyData, type VocabularyOptions } from './vocabulary.js';
