/** What a report must be to become a page. */
import type { Report } from './types.js';

/** A report that contradicts itself. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

/**
 * Checks that arms are known, that rows are as wide as their table, and that sizes of perturbations are sizes.
 *
 * @throws ReportError that names the place.
 */
export function validate(report: Report): void {
  const arms = new Set(report.arms);
  if (arms.size < report.arms.length)
    throw new ReportError(`arms: ${report.arms.join(', ')} are not all different`);
  const known = (arm: string, where: string) => {
    if (!arms.has(arm))
      throw new ReportError(`${where}: no arm "${arm}" among ${[...arms].join(', ') || 'none'}`);
  };
  for (const { title, series } of report.panels) {
    for (const { arm, points } of series) {
      const where = `panel "${title}"`;
      known(arm, where);
      points.forEach(({ x }, i) => {
        if (i > 0 && x <= points[i - 1]!.x)
          throw new ReportError(`${where}: ${arm}'s points are not in ascending order`);
      });
    }
  }
  for (const { title, columns, rows } of report.tables) {
    for (const { arm, label, cells } of rows) {
      const where = `table "${title}", row "${label}"`;
      if (arm !== undefined) known(arm, where);
      if (cells.length !== columns.length)
        throw new ReportError(`${where}: ${cells.length} cells for ${columns.length} columns`);
    }
  }
  for (const { arm, id, question, context } of report.flips) {
    known(arm, `example ${id}`);
    for (const { text, size } of [...question, ...context])
      if (!(size >= 0 && size < Number.POSITIVE_INFINITY))
        throw new ReportError(`example ${id}: the perturbation of "${text}" has size ${size}`);
  }
}
