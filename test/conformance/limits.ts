/** Of each entry and dtype so many samples are called in other forms than as a function. */
export const OTHER_FORMS_LIMIT = 5;

/** How often PyTorch runs samples of which its own result may vary. */
export const REPEATS = 24;
