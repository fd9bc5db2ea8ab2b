// The command line: `npx litorch COMMAND`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { doctor } from './doctor.mjs';
import { ROOT } from './setup/paths.mjs';

const HELP = `Usage: litorch COMMAND

Commands:
  doctor [--json]                  what litorch found on this machine, and whether it works here
  squad-eval DATASET PREDICTIONS   the official exact match and F1 of SQuAD predictions
  --version                        litorch's version
  --help                           this text
`;

async function squadEval(args) {
  const file = join(ROOT, 'dist', 'lib', 'squad', 'cli.js');
  if (!existsSync(file)) {
    console.error(`litorch: ${file} is missing: compile the TypeScript first, with \`npm install\``);
    return 1;
  }
  const { main } = await import(pathToFileURL(file).href);
  return await main(args);
}

/**
 * Runs a command.
 *
 * @param {string[]} argv The arguments after the program's name.
 * @returns {Promise<number>} The exit status.
 */
export async function main([command, ...args]) {
  switch (command) {
    case 'doctor':
      return await doctor(args);
    case 'squad-eval':
      return await squadEval(args);
    case '--version':
    case '-v':
      console.log(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
      return 0;
    case undefined:
      process.stderr.write(HELP);
      return 2;
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(HELP);
      return 0;
    default:
      process.stderr.write(`litorch: unknown command '${command}'\n\n${HELP}`);
      return 2;
  }
}
