import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import torch from 'litorch';
import { Arm } from './arm.js';
import { evaluateUnderAttack } from './attack.js';
import { writeChart } from './chart.js';
import { type Checkpoint, loadRun, type Progress, saveRun, vocabularyOf } from './checkpoint.js';
import { type Data, loadData } from './data.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { listenForInterruption } from './interruption.js';
import { Metrics } from './metrics.js';
import {
  type ArmName,
  attackEpsilonsOf,
  HELP,
  type Options,
  parseOptions,
  resumeOptions,
  settingsOf,
  UsageError,
} from './options.js';
import { duration, ProgressBar } from './progress.js';
import { mean, reportTable, scores } from './report.js';
import { printSamples } from './samples.js';
import { stepsOf, train } from './train.js';

/** The program, with its arguments. Gives the exit status. */
export async function main(args: string[]): Promise<number> {
  try {
    const options = parseOptions(args);
    if (options === null) {
      console.log(HELP);
      return 0;
    }
    const checkpoint = options.resume === null ? null : loadRun(options.resume);
    const { settings, epochs } = checkpoint ?? {};
    await new Run(
      settings === undefined ? options : resumeOptions(options, settings, epochs!),
      checkpoint,
    ).go();
    return 0;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const usage = error instanceof UsageError;
    console.error(usage ? `${error.message}\nTry: npm start -- --help` : error.message);
    if (!usage && process.env.LITORCH_DEBUG) console.error(error.stack);
    return usage ? 2 : 1;
  }
}

class Run {
  private readonly began = performance.now();
  private readonly options: Options;
  private readonly data: Data;
  private readonly arms: Arm[];
  private readonly progress: Progress;
  private readonly metrics: Metrics;
  private readonly interruption = listenForInterruption(() => {
    console.log('\nInterrupted: finishing the step. Ctrl-C again ends at once.');
  });
  private readonly evaluations = new Map<ArmName, Evaluation>();
  private bar: ProgressBar | null = null;

  constructor(options: Options, checkpoint: Checkpoint | null) {
    this.options = options;
    torch.setNumThreads(options.threads);
    const vocabulary = checkpoint === null ? undefined : vocabularyOf(checkpoint, options.resume!);
    this.data = loadData(options, vocabulary);
    this.arms = options.arms.map((name) => new Arm(name, this.data.vocabulary.size, options, options.device));
    for (const arm of checkpoint === null ? [] : this.arms) arm.load(checkpoint!.arms[arm.name]!);
    this.progress = checkpoint?.progress ?? { epoch: 0, batch: 0, step: 0 };
    mkdirSync(options.out, { recursive: true });
    this.metrics = new Metrics(join(options.out, 'metrics.jsonl'), this.progress.step);
  }

  async go(): Promise<void> {
    this.introduce();
    const finished = await this.train();
    this.save();
    if (finished) await this.attack();
    this.report();
    if (!finished) console.log(`Go on with: npm start -- --resume ${this.path('checkpoint.safetensors')}`);
  }

  private introduce(): void {
    const { data, options } = this;
    console.log(
      `${data.source}: ${data.train.length} questions to train on, ${data.dev.length} to evaluate on`,
    );
    const size = this.arms[0]!.model.parameters.reduce((sum, parameter) => sum + parameter.numel(), 0);
    console.log(
      `${data.vocabulary.size} words, ${size.toLocaleString('en-US')} trained numbers in each of: ${options.arms.join(', ')}; ` +
        `seed ${options.seed}, ε ${options.epsilon}, ${options.threads} thread(s), ${options.device}`,
    );
    if (this.progress.step > 0) console.log(`going on from step ${this.progress.step}`);
  }

  private async train(): Promise<boolean> {
    const { arms, data, metrics, options, progress } = this;
    const perEpoch = stepsOf(data.train, options.batchSize);
    const total = Math.min(options.epochs * perEpoch, options.maxSteps ?? Number.POSITIVE_INFINITY);
    const open = () => {
      this.bar = new ProgressBar('training', 'steps', total, progress.step);
    };
    open();
    const finished = await train(arms, data.train, progress, {
      ...options,
      interruption: this.interruption,
      onStep: ({ step, epoch }, results) => {
        results.forEach((result, i) => {
          metrics.add({ type: 'step', arm: arms[i]!.name, step, epoch: epoch + 1, ...result });
        });
        this.bar?.update(step, this.losses(epoch));
        if (step % options.saveEvery === 0) this.save();
      },
      onEpoch: async ({ epoch, step }) => {
        this.bar?.stop();
        await this.evaluate(epoch, step);
        this.save();
        if (epoch < options.epochs) open();
      },
    });
    this.bar?.stop();
    return finished && !this.interruption.requested;
  }

  private losses(epoch: number): string {
    const recent = this.arms.map(({ name }) => {
      const steps = this.metrics.steps(name).slice(-50);
      return `${name} ${mean(steps.map(({ loss }) => loss))!.toFixed(3)}`;
    });
    return `epoch ${epoch + 1}, loss: ${recent.join(', ')}`;
  }

  private async evaluate(epoch: number, step: number): Promise<void> {
    const { data, metrics, options } = this;
    for (const { name, model } of this.arms) {
      const began = performance.now();
      const bar = new ProgressBar(`evaluating ${name}`, 'questions', data.dev.length);
      const result = await evaluate(model.network, data.dev, options.device, this.interruption, (done) =>
        bar.update(done),
      );
      bar.stop();
      if (result === null) return;
      this.evaluations.set(name, result);
      const { exactMatch, f1 } = result;
      const seconds = (performance.now() - began) / 1000;
      metrics.add({
        type: 'evaluation',
        arm: name,
        step,
        epoch,
        exactMatch,
        f1,
        questions: data.dev.length,
        seconds,
      });
      console.log(`epoch ${epoch}, ${name}: EM / F1 ${scores(result)}`);
    }
  }

  private async attack(): Promise<void> {
    const { data, metrics, options, progress } = this;
    const examples = data.dev.filter((example) => example.start >= 0).slice(0, options.attackLimit);
    for (const { name, model } of this.arms) {
      const began = performance.now();
      const bar = new ProgressBar(`attacking ${name}`, 'questions', examples.length);
      const result = await evaluateUnderAttack(model.network, examples, {
        epsilons: attackEpsilonsOf(options),
        batchSize: options.batchSize,
        seed: options.seed,
        device: options.device,
        interruption: this.interruption,
        onProgress: (done) => bar.update(done),
      });
      bar.stop();
      if (result === null) return;
      const seconds = (performance.now() - began) / 1000;
      const { step } = progress;
      metrics.add({ type: 'attack', arm: name, step, questions: examples.length, scores: result, seconds });
    }
  }

  private save(): void {
    const { arms, data, options, progress } = this;
    this.metrics.flush();
    saveRun(this.path('checkpoint.safetensors'), {
      settings: settingsOf(options),
      epochs: options.epochs,
      progress,
      vocabulary: data.vocabulary,
      arms,
    });
  }

  private report(): void {
    const { evaluations, metrics, options } = this;
    for (const [name, { answers }] of evaluations) {
      const texts = Object.fromEntries([...answers].map(([id, { text }]) => [id, text]));
      writeFileSync(this.path(`predictions-${name}.json`), JSON.stringify(texts));
    }
    if (evaluations.size > 0) printSamples(this.data, evaluations);
    const table = reportTable(options.arms, metrics);
    writeFileSync(this.path('report.md'), `${table}\n`);
    writeChart(this.path('curves.svg'), this.path('curves.png'), options.arms, metrics);
    console.log(`\n${table}\n`);
    console.log(
      `${duration((performance.now() - this.began) / 1000)} in all; the results are in ${options.out}`,
    );
  }

  private path(name: string): string {
    return join(this.options.out, name);
  }
}

// A reader that goes away, such as `head`, must not end the training.
process.stdout.on('error', () => {});
process.exitCode = await main(process.argv.slice(2));
