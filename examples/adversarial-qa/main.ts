import { loadResumable } from './checkpoint.js';
import { HELP, parseOptions, resumeOptions, UsageError } from './options.js';
import { Run } from './run.js';

/** The program, with its arguments. Gives the exit status. */
async function main(args: string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === null) {
      console.log(HELP);
      return 0;
    }
    const command = `npm start${args.length > 0 ? ` -- ${args.map(quoted).join(' ')}` : ''}`;
    if (options.resume === null) {
      await new Run(options, command, null).go();
    } else {
      const checkpoint = loadResumable(options.resume);
      const resumed = resumeOptions(options, checkpoint.settings, checkpoint.epochs);
      await new Run(resumed, command, checkpoint).go();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const usage = error instanceof UsageError;
    console.error(usage ? `${error.message}\nTry: npm start -- --help` : error.message);
    if (!usage && process.env.LITORCH_DEBUG) console.error(error.stack);
    return usage ? 2 : 1;
  }
}

/** An argument as a shell takes it. */
function quoted(arg: string): string {
  return /^[\w./,:=@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}

// A reader that goes away, such as `head`, must not end the training.
process.stdout.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
