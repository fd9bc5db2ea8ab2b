import torch from 'litorch';
import { type Interruption, listenForInterruption } from '../adversarial-qa/interruption.js';
import { duration, ProgressBar } from '../adversarial-qa/progress.js';
import { UsageError } from '../adversarial-qa/values.js';
import type { ArmName } from './arms.js';
import { type Corpus, loadCorpus } from './corpus.js';
import { accuracyOf, accuracyUnderAttack } from './evaluate.js';
import { HELP, type Options, parseOptions } from './options.js';
import { ResultFiles, type Results, type RunResult, resumed } from './results.js';
import { train } from './train.js';

/** The program, with its arguments. Gives the exit status. */
export async function main(args: string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === null) {
      console.log(HELP);
      return 0;
    }
    await new Comparison(options).go();
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const usage = error instanceof UsageError;
    console.error(usage ? `${error.message}\nTry --help` : error.message);
    if (!usage && process.env.LITORCH_DEBUG) console.error(error.stack);
    return usage ? 2 : 1;
  }
}

/** All arms from all seeds, one after the other. */
class Comparison {
  private readonly began = performance.now();
  private readonly options: Options;
  private readonly secondsBefore: number;
  private readonly corpus: Corpus;
  private readonly files: ResultFiles;
  private readonly results: Results;
  private readonly interruption: Interruption = listenForInterruption(() => {
    console.log('\nInterrupted: finishing the step. Ctrl-C again ends at once.');
  });

  constructor(given: Options) {
    const { options, runs, seconds } = given.resume
      ? resumed(given)
      : { options: given, runs: [], seconds: 0 };
    this.options = options;
    this.secondsBefore = seconds;
    torch.setNumThreads(options.threads);
    this.corpus = loadCorpus(options);
    this.files = new ResultFiles(options.out, runs);
    const { vocabulary, train: seen, dev, test } = this.corpus;
    this.results = {
      options,
      sizes: {
        vocabulary: vocabulary.size,
        parameters: 0,
        train: seen.length,
        dev: dev.length,
        test: test.length,
        attacked: options.attackEpsilons.length === 0 ? 0 : Math.min(options.attackLimit, test.length),
      },
      finished: false,
      seconds: 0,
      runs,
    };
  }

  async go(): Promise<void> {
    const { options, results } = this;
    const { sizes } = results;
    console.log(
      `${options.data}: ${sizes.train} texts to train on, ${sizes.dev} to choose the epoch, ${sizes.test} to test on, ` +
        `${sizes.vocabulary} words; ${options.model}, ${options.threads} thread(s), ${options.device}`,
    );
    // Seed by seed, so that a run that is interrupted has compared something.
    for (const seed of options.seeds) {
      for (const arm of options.arms) {
        if (results.runs.some((run) => run.arm === arm && run.seed === seed)) continue;
        const run = await this.run(arm, seed);
        if (run === null) return this.end(false);
        results.runs.push(run);
        this.save(false);
      }
    }
    this.end(true);
  }

  private async run(arm: ArmName, seed: number): Promise<RunResult | null> {
    const { corpus, interruption, options, results } = this;
    const began = performance.now();
    const name = `${arm}, seed ${seed}`;
    let bar: ProgressBar | null = null;
    let note = '';
    const trained = await train(arm, seed, corpus, options, {
      interruption,
      onStep: (step, total) => {
        bar ??= new ProgressBar(name, 'steps', total);
        bar.update(step, note);
      },
      onEpoch: (epoch) => {
        this.files.addEpoch(arm, seed, epoch);
        note = `epoch ${epoch.epoch}: dev ${epoch.devAccuracy.toFixed(2)}`;
      },
    });
    (bar as ProgressBar | null)?.stop();
    if (trained === null) return null;
    return torch.tidyAsync(async () => {
      const { model, epochs, best } = trained;
      results.sizes.parameters = [...model.parameters()].reduce(
        (sum, parameter) => sum + parameter.numel(),
        0,
      );
      const testAccuracy = accuracyOf(model, corpus.test, options);
      const attacked = corpus.test.slice(0, results.sizes.attacked);
      const attack =
        attacked.length === 0 ? [] : await accuracyUnderAttack(model, attacked, options, seed, interruption);
      if (attack === null) return null;
      const seconds = (performance.now() - began) / 1000;
      const last = attack.at(-1);
      console.log(
        `${name}: test ${testAccuracy.toFixed(2)} at epoch ${best.epoch} of ${epochs.length}` +
          `${last === undefined ? '' : `, ${last.attack.toFixed(2)} under attack (ε ${last.epsilon})`}, ${duration(seconds)}`,
      );
      const { devAccuracy } = best;
      return { arm, seed, epochs, bestEpoch: best.epoch, devAccuracy, testAccuracy, attack, seconds };
    });
  }

  private save(finished: boolean): string {
    this.results.finished = finished;
    this.results.seconds = this.secondsBefore + (performance.now() - this.began) / 1000;
    return this.files.save(this.results);
  }

  private end(finished: boolean): void {
    const { results } = this;
    if (results.runs.length === 0) {
      console.log('Nothing was trained to its end.');
      return;
    }
    console.log(`\n${this.save(finished)}\n`);
    console.log(`${duration(results.seconds)} in all; the results are in ${this.options.out}`);
  }
}

// A reader that goes away, such as `head`, must not end the training.
process.stdout.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
