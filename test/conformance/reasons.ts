/** What is known of samples that are not as in PyTorch. */

import type { Status } from './outcome.js';
import type { Entry } from './protocol.js';
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
    statuses: ['varies'],
    ops: /^linalg\.lstsq$/,
    text: 'The driver `gelsy` reads an array of pivots that libtorch does not initialise.',
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

/** Whether PyTorch's own results are known to vary, so that chance would decide of a comparison. */
export function variesIn(entry: Entry): boolean {
  return reasons.some(({ statuses, ops }) => statuses.includes('varies') && ops.test(entry.name));
}

export function reasonOf(finding: Finding): Reason | undefined {
  return reasons.find(
    (reason) =>
      reason.statuses.includes(finding.status) &&
      reason.ops.test(finding.op) &&
      (reason.about === undefined || reason.about.test(finding.why ?? '')),
  );
}
