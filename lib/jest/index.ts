/** What tests of programs with litorch need, in Jest and in others: `import { expectNoLeaks } from 'litorch/jest'`. */
export { expectNoLeaks, type NoLeaksOptions } from './expectNoLeaks.js';
export { tensorEquality } from './tensorEquality.js';
