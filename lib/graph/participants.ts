/** The modules and optimizers that take part in a recorded step, and what of theirs a replay relies on. */
import { native } from '../native.js';
import { stateOf } from '../nn/modules/members.js';
import { Tensor } from '../tensor.js';
import type { Watcher } from './watch.js';

type Fields = Record<string, unknown>;

/** Values by which a replay sees that something has changed: compared as they are, arrays by their elements. */
class Snapshot {
  readonly #values: [key: string, value: unknown, elements: readonly unknown[] | undefined][] = [];

  constructor(
    readonly of: Fields,
    keys: readonly string[],
  ) {
    for (const key of keys) {
      const value = of[key];
      this.#values.push([key, value, Array.isArray(value) ? [...value] : undefined]);
    }
  }

  hasChanged(): boolean {
    for (const [key, value, elements] of this.#values) {
      const now = this.of[key];
      if (elements === undefined) {
        if (!Object.is(now, value)) return true;
      } else {
        if (!Array.isArray(now) || now.length !== elements.length) return true;
        for (let i = 0; i < elements.length; i++) if (!Object.is(now[i], elements[i])) return true;
      }
    }
    return false;
  }
}

/** Of a module: its tensors, numbers, texts and switches. Its submodules take part themselves. */
function moduleKeys(module: Fields, setsMode: boolean): string[] {
  return Object.keys(module).filter((key) => {
    if (key === 'training') return !setsMode;
    const value = module[key];
    return value instanceof Tensor || value === null || !['object', 'function'].includes(typeof value);
  });
}

interface OptimizerFields {
  paramGroups: Fields[];
  state: unknown;
}

/** Notes them during the recording, and afterwards tells whether anything has changed since its end. */
export class Participants implements Watcher {
  readonly #modules = new Set<object>();
  readonly #switched = new Set<object>();
  readonly #optimizers = new Set<object>();
  readonly #snapshots: Snapshot[] = [];
  readonly #hooks: [module: object, hooks: unknown][] = [];

  /** What computes the numbers that are not the same in each replay. */
  readonly computed: (() => number)[] = [];

  called(module: object): void {
    this.#modules.add(module);
  }

  switched(module: object): void {
    this.#switched.add(module);
  }

  stepped(optimizer: object): void {
    this.#optimizers.add(optimizer);
  }

  live(compute: () => number): number {
    native.pauseRecording(true);
    let value: number;
    try {
      value = compute();
    } finally {
      native.pauseRecording(false);
    }
    native.expectLive(value);
    this.computed.push(compute);
    return value;
  }

  /** The recording has ended: all should stay as it is now. */
  complete(): void {
    const add = (of: object, keys: readonly string[]): void => {
      this.#snapshots.push(new Snapshot(of as Fields, keys));
    };
    for (const module of this.#modules) {
      add(module, moduleKeys(module as Fields, this.#switched.has(module)));
      this.#hooks.push([module, stateOf(module).hooks]);
    }
    for (const optimizer of this.#optimizers) {
      add(optimizer, ['state', 'paramGroups']);
      for (const group of (optimizer as unknown as OptimizerFields).paramGroups)
        add(group, Object.keys(group));
    }
  }

  /** Whether anything of theirs is other than it was at the end of the recording. */
  haveChanged(): boolean {
    for (const snapshot of this.#snapshots) if (snapshot.hasChanged()) return true;
    for (const [module, hooks] of this.#hooks) if (stateOf(module).hooks !== hooks) return true;
    return false;
  }
}
