/** Mixed precision. See https://docs.pytorch.org/docs/2.13/amp.html */
export { type AutocastOptions, autocast, isAutocastAvailable } from './autocast.js';
