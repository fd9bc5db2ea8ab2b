import { aggregate } from '../report/aggregate.js';

/** Undefined for no values. */
export const mean = (values: readonly number[]): number | undefined => aggregate(values)?.mean;

/** The sample's standard deviation, with n − 1; undefined for fewer than two values. */
export const deviation = (values: readonly number[]): number | undefined => aggregate(values)?.deviation;
