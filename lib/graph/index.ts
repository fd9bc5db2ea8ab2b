/** Steps of fixed shapes, recorded once and replayed with less overhead. See docs/replay.md. */
export { type RecordedStep, type RecordOptions, record } from './record.js';
