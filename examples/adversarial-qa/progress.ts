import { Presets, SingleBar } from 'cli-progress';

/** Where standard output is no terminal, a line is printed at most this often. */
const LINE_INTERVAL_MS = 10_000;

/** A progress bar with speed and time left; plain lines where standard output is no terminal. */
export class ProgressBar {
  private readonly label: string;
  private readonly unit: string;
  private readonly total: number;
  private readonly first: number;
  private readonly began = performance.now();
  private readonly bar: SingleBar | null;
  private done: number;
  private printed = performance.now();

  /** @param done What has been done already, of `total`: it doesn't count for the speed. */
  constructor(label: string, unit: string, total: number, done = 0) {
    this.label = label;
    this.unit = unit;
    this.total = total;
    this.first = done;
    this.done = done;
    this.bar = process.stdout.isTTY
      ? new SingleBar(
          {
            format: '{label} {bar} {value}/{total} {text}',
            hideCursor: true,
            linewrap: false,
            gracefulExit: false,
          },
          Presets.shades_classic,
        )
      : null;
    this.bar?.start(total, done, { label: label.padEnd(24), text: '' });
  }

  /** @param note What else there is to say, such as the loss. */
  update(done: number, note = ''): void {
    this.done = done;
    const text = this.text(note);
    this.bar?.update(done, { text });
    const now = performance.now();
    if (this.bar === null && (now - this.printed > LINE_INTERVAL_MS || done === this.total)) {
      this.printed = now;
      console.log(`${this.label} ${done}/${this.total} ${text}`);
    }
  }

  stop(): void {
    this.bar?.stop();
  }

  private text(note: string): string {
    const seconds = (performance.now() - this.began) / 1000;
    const count = this.done - this.first;
    const parts: string[] = [];
    if (count > 0 && seconds > 0) {
      const speed = count / seconds;
      parts.push(`${speed >= 10 ? speed.toFixed(0) : speed.toFixed(2)} ${this.unit}/s`);
      const left = (this.total - this.done) / speed;
      parts.push(left > 0 ? `${duration(left)} left` : `took ${duration(seconds)}`);
    }
    if (note !== '') parts.push(note);
    return parts.join(', ');
  }
}

/** Such as 45 s, 3:07 min, 1:02:03 h. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)} h`;
}
