/** What is known of samples that are not as in PyTorch. */

import type { Status } from './outcome.js';
import type { Finding } from './results.js';

export interface Reason {
  /** Which statuses it explains. */
  statuses: readonly Status[];
  /** Names of the entries. */
  ops: RegExp;
  /** What the finding says, where that tells them from others. */
  about?: RegExp;
  text: string;
}

/** The first that fits a finding explains it. */
export const reasons: readonly Reason[] = [
  {
    statuses: ['close'],
    ops: /^linalg\.lstsq$/,
    about: /./,
    text:
      'The driver `gelsy` reads an array of pivots that libtorch does not initialise, so that PyTorch itself gives ' +
      'other last bits from call to call.',
  },
  {
    statuses: ['other message'],
    ops: /^(linspace|logspace)$/,
    about: /got \(int, int, /,
    text:
      "PyTorch names the argument `1.0` of the wrong type 'float'. JavaScript cannot tell 1.0 from 1; the float " +
      'crosses as a tensor without dimensions, and is refused as such.',
  },
];

export function reasonOf(finding: Finding): Reason | undefined {
  return reasons.find(
    (reason) =>
      reason.statuses.includes(finding.status) &&
      reason.ops.test(finding.op) &&
      (reason.about === undefined || reason.about.test(finding.why ?? '')),
  );
}
