/** The functions of `torch` itself that are operators. */
export * from './generated/functions.js';
