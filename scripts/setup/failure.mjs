// Failures that a user can cure, and the one message that says how.

/** A step that failed: what was looked for, where, and the command that cures it. */
export class Failure extends Error {
  /**
   * @param {string} summary One line: what is wrong.
   * @param {{ lookedFor?: string, where?: string[], details?: string, cure: string | string[] }} more
   */
  constructor(summary, { lookedFor, where = [], details, cure }) {
    const lines = [summary];
    if (lookedFor) lines.push('', `  Looked for: ${lookedFor}`);
    if (where.length > 0) lines.push('  Where:', ...where.map((place) => `    - ${place}`));
    if (details) lines.push('', ...details.split('\n').map((line) => `  ${line}`));
    lines.push('', '  To cure it:', ...[cure].flat().map((line) => `    ${line}`));
    super(lines.join('\n'));
    this.name = 'Failure';
  }
}

/** Runs a script's main function: a Failure ends it with its one message, anything else with its stack. */
export async function runMain(main) {
  try {
    const code = await main();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    if (error?.name === 'Failure') console.error(`\nlitorch: ${error.message}\n`);
    else console.error(error);
    process.exitCode = 1;
  }
}
