import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import torch from 'litorch';
import { evaluateAddSent } from 'litorch/squad';
import { Arm } from './arm.js';
import { evaluateUnderAttack } from './attack.js';
import { type loadResumable, type Progress, saveBest, saveRun, vocabularyOf } from './checkpoint.js';
import { type Data, loadData } from './data.js';
import { type Evaluation, evaluate } from './evaluate.js';
import { EventFiles } from './eventFiles.js';
import { writePredictions, writeReports } from './files.js';
import { listenForInterruption } from './interruption.js';
import { type EvaluationRecord, Metrics } from './metrics.js';
import { epsilonOf, type Options, settingsOf } from './options.js';
import { duration, ProgressBar } from './progress.js';
import { scores, short } from './report.js';
import { Results } from './results.js';
import { printSamples } from './samples.js';
import { stepsOf, train } from './train.js';

/** One call of the program: trains, evaluates, attacks, saves and reports. */
export class Run {
  private readonly began = performance.now();
  private readonly options: Options;
  private readonly command: string;
  private readonly data: Data;
  private readonly arms: Arm[];
  private readonly progress: Progress;
  private readonly events: EventFiles;
  private readonly results: Results;
  private readonly interruption = listenForInterruption(() => {
    console.log('\nInterrupted: finishing the step. Ctrl-C again ends at once.');
  });
  /** The answers that count: the latest, or the best with early stopping. */
  private readonly evaluations = new Map<Arm, Evaluation>();

  /** @param command What the user typed, for the report. */
  constructor(options: Options, command: string, checkpoint: ReturnType<typeof loadResumable> | null) {
    this.options = options;
    this.command = command;
    torch.setNumThreads(options.threads);
    const vocabulary = checkpoint === null ? undefined : vocabularyOf(checkpoint, options.resume!);
    this.data = loadData(options, options.addsent, vocabulary);
    const steps = options.epochs * stepsOf(this.data.train, options.batchSize);
    this.arms = options.seeds.flatMap((seed) =>
      options.arms.map(
        (arm) => new Arm({ arm, seed }, this.data.vocabulary.size, options, steps, options.device),
      ),
    );
    for (const arm of checkpoint === null ? [] : this.arms) arm.load(checkpoint!.arms[arm.label]!);
    this.progress = checkpoint?.progress ?? { epoch: 0, batch: 0, step: 0 };
    mkdirSync(options.out, { recursive: true });
    this.events = new EventFiles(this.path('tensorboard'), options.seeds, this.progress.step);
    const metrics = new Metrics(this.path('metrics.jsonl'), this.progress, (record) =>
      this.events.add(record),
    );
    this.results = new Results(metrics, options);
  }

  async go(): Promise<void> {
    this.introduce();
    const finished = await this.train();
    this.save();
    if (finished) await this.examine();
    this.report();
    if (!finished) console.log(`Go on with: npm start -- --resume ${this.path('checkpoint.safetensors')}`);
  }

  private get metrics(): Metrics {
    return this.results.metrics;
  }

  private introduce(): void {
    const { data, options } = this;
    const { seeds, arms, threads, device } = options;
    console.log(
      `${data.source}: ${data.train.length} questions to train on, ${data.dev.length} to evaluate on`,
    );
    const size = this.arms[0]!.learner.parameters.reduce((sum, parameter) => sum + parameter.numel(), 0);
    const names = arms.map((arm) => {
      const epsilon = epsilonOf(options, arm);
      return epsilon === null ? arm : `${arm} (ε ${short(epsilon)})`;
    });
    console.log(
      `${data.vocabulary.size} words, ${size.toLocaleString('en-US')} trained numbers in each of: ${names.join(', ')}; ` +
        `seed${seeds.length > 1 ? 's' : ''} ${seeds.join(', ')}, ${threads} thread(s), ${device}`,
    );
    if (this.progress.step > 0) console.log(`going on from step ${this.progress.step}`);
  }

  private async train(): Promise<boolean> {
    const { arms, data, options, progress } = this;
    const perEpoch = stepsOf(data.train, options.batchSize);
    const total = Math.min(options.epochs * perEpoch, options.maxSteps ?? Number.POSITIVE_INFINITY);
    let bar = new ProgressBar('training', 'steps', total, progress.step);
    const finished = await train(arms, data.train, progress, {
      ...options,
      interruption: this.interruption,
      onStep: ({ step, epoch }, results) => {
        for (const [{ id }, result] of results)
          this.metrics.add({ type: 'step', ...id, step, epoch: epoch + 1, ...result });
        bar.update(step, this.losses(epoch));
        if (step % options.saveEvery === 0) this.save();
      },
      onEpoch: async (epoch, step) => {
        bar.stop();
        return await this.evaluate(epoch, step);
      },
      onEpochDone: ({ epoch, step }) => {
        this.save();
        if (epoch < options.epochs) bar = new ProgressBar('training', 'steps', total, step);
      },
    });
    bar.stop();
    return finished && !this.interruption.requested;
  }

  /** The losses of the last steps, of each arm over its seeds. */
  private losses(epoch: number): string {
    const { results } = this;
    const recent = results.arms.map((arm) => {
      const loss = results.measured(arm, (id) => results.atEnd(id, (step) => step.loss ?? step.lossAdv));
      return `${arm} ${loss?.mean.toFixed(3) ?? '-'}`;
    });
    return `epoch ${epoch + 1}, loss: ${recent.join(', ')}`;
  }

  /** Evaluates the arms that are still trained, all or none of them. Gives false where it was interrupted. */
  private async evaluate(epoch: number, step: number): Promise<boolean> {
    const { data } = this;
    const done: { arm: Arm; result: Evaluation; seconds: number }[] = [];
    for (const arm of this.arms.filter(({ stopping }) => !stopping.stopped)) {
      const timed = await this.answer(arm, data.dev, `evaluating ${arm.label}`);
      if (timed === null) return false;
      done.push({ arm, ...timed });
    }
    for (const { arm, result, seconds } of done) {
      const { exactMatch, f1 } = result;
      const best = arm.evaluated(epoch, f1);
      if (best || this.options.patience === null) this.evaluations.set(arm, result);
      const record: EvaluationRecord = {
        type: 'evaluation',
        ...arm.id,
        step,
        epoch,
        exactMatch,
        f1,
        questions: data.dev.length,
        seconds,
        best,
      };
      this.metrics.add(record);
      const note = arm.stopping.stopped ? `; stops, best after epoch ${arm.stopping.bestEpoch}` : '';
      console.log(`epoch ${epoch}, ${arm.label}: EM / F1 ${scores(result)}${note}`);
      if (best) saveBest(this.path(`checkpoint-best-${arm.label}.safetensors`), this.state(), arm);
    }
    return true;
  }

  private async answer(
    { network }: Arm,
    examples: Data['dev'],
    title: string,
  ): Promise<{ result: Evaluation; seconds: number } | null> {
    const began = performance.now();
    const bar = new ProgressBar(title, 'questions', examples.length);
    const { device } = this.options;
    const result = await evaluate(network, examples, device, this.interruption, (done) => bar.update(done));
    bar.stop();
    return result === null ? null : { result, seconds: (performance.now() - began) / 1000 };
  }

  /** What is asked of a trained network once: AddSent, and its answers under attack. */
  private async examine(): Promise<void> {
    // The state has been saved; of an arm that may stop early the best weights are what was wanted.
    if (this.options.patience !== null) for (const arm of this.arms) arm.useBest();
    await this.addsent();
    await this.attack();
  }

  private async addsent(): Promise<void> {
    const { addsent } = this.data;
    if (addsent === null) return;
    const evaluations = new Map<Arm, Evaluation>();
    for (const arm of this.arms) {
      const timed = await this.answer(arm, addsent.examples, `AddSent, ${arm.label}`);
      if (timed === null) return;
      evaluations.set(arm, timed.result);
      const predictions = new Map([...timed.result.answers].map(([id, { text }]) => [id, text]));
      const { clean, adversarial, questions } = evaluateAddSent(addsent.dataset, predictions);
      const { step } = this.progress;
      const { seconds } = timed;
      this.metrics.add({ type: 'addsent', ...arm.id, step, clean, adversarial, questions, seconds });
    }
    writePredictions(this.options.out, 'predictions-addsent', evaluations);
  }

  private async attack(): Promise<void> {
    const { data, metrics, options, progress } = this;
    const examples = data.dev.filter((example) => example.start >= 0).slice(0, options.attackLimit);
    if (examples.length === 0) return;
    for (const arm of this.arms) {
      const began = performance.now();
      const bar = new ProgressBar(`attacking ${arm.label}`, 'questions', examples.length);
      const result = await evaluateUnderAttack(arm.network, examples, {
        epsilons: options.attackEpsilons,
        restarts: options.attackRestarts,
        steps: options.attackSteps,
        batchSize: options.batchSize,
        // The same random numbers for all arms of all seeds.
        seed: options.seeds[0]!,
        device: options.device,
        interruption: this.interruption,
        onProgress: (done) => bar.update(done),
      });
      bar.stop();
      if (result === null) return;
      const seconds = (performance.now() - began) / 1000;
      const { step } = progress;
      metrics.add({ type: 'attack', ...arm.id, step, questions: examples.length, ...result, seconds });
    }
  }

  private state() {
    const { data, options, progress } = this;
    return { settings: settingsOf(options), epochs: options.epochs, progress, vocabulary: data.vocabulary };
  }

  private save(): void {
    this.metrics.flush();
    saveRun(this.path('checkpoint.safetensors'), this.state(), this.arms);
  }

  private report(): void {
    const { evaluations, options } = this;
    this.metrics.flush();
    this.events.close();
    writePredictions(options.out, 'predictions', evaluations);
    if (evaluations.size > 0) printSamples(this.data, evaluations);
    const table = writeReports(this.results, this.data, options, this.command);
    console.log(`\n${table}\n`);
    console.log(
      `${duration((performance.now() - this.began) / 1000)} in all; the results are in ${options.out}`,
    );
  }

  private path(name: string): string {
    return join(this.options.out, name);
  }
}
