/** The state of every recorded name of PyTorch. */
import * as torch from '../../lib/index.js';
import { camelCase } from '../../lib/ops/names.js';
import { entries, type State } from './states.js';

/** What tools/parity/names.py lists: names by module, each with its kind. */
export interface RecordedNames {
  readonly version: string;
  readonly names: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface NameState {
  readonly owner: string;
  readonly name: string;
  readonly state: State | 'have';
  /** Which form, why not, with what; of a name that is here, nothing. */
  readonly reason: string;
}

/** The states, and what is wrong with the entries that they come from. */
export interface Comparison {
  readonly states: readonly NameState[];
  readonly faults: readonly string[];
}

function membersOf(owner: string): object | undefined {
  if (owner === 'torch.Tensor') return torch.Tensor.prototype;
  let found: unknown = torch;
  for (const part of owner.split('.').slice(1)) {
    found = (found as Record<string, unknown>)[part];
    if (typeof found !== 'object' || found === null) return undefined;
  }
  return found as object;
}

/** Names are camel-cased; dtypes keep theirs, and so do the operators of Python, which litorch has not. */
function isHere(owner: string, name: string, kind: string): boolean {
  const members = membersOf(owner);
  if (members === undefined) return false;
  if (name.startsWith('__')) return false;
  return camelCase(name) in members || (kind === 'dtype' && name in members);
}

/** Whether a name is among those listed, where `*` stands for any letters. */
function matcher(listed: string): (name: string) => boolean {
  const patterns = listed.split(' ').map((name) => new RegExp(`^${name.replaceAll('*', '.*')}$`));
  return (name) => patterns.some((pattern) => pattern.test(name));
}

/** Compares what was recorded with what litorch exports. */
export function compare({ names }: RecordedNames): Comparison {
  const states: NameState[] = [];
  const faults: string[] = [];
  for (const { owner, state, names: listed } of entries) {
    const known = Object.entries(names[owner] ?? {});
    for (const pattern of listed.split(' ')) {
      const matches = matcher(pattern);
      const matched = known.filter(([name]) => matches(name));
      if (matched.length === 0) faults.push(`${owner}.${pattern}: PyTorch has no such name`);
      else if (matched.every(([name, kind]) => isHere(owner, name, kind)))
        faults.push(`${owner}.${pattern}: is here, but said to be '${state}'`);
    }
  }
  for (const [owner, kinds] of Object.entries(names)) {
    const rules = entries
      .filter((entry) => entry.owner === owner)
      .map((entry) => ({ entry, matches: matcher(entry.names), literal: new Set(entry.names.split(' ')) }));
    for (const [name, kind] of Object.entries(kinds)) {
      if (isHere(owner, name, kind)) {
        states.push({ owner, name, state: 'have', reason: '' });
        continue;
      }
      const found = rules.filter(({ matches }) => matches(name));
      const exact = found.find(({ literal }) => literal.has(name)) ?? found[0];
      if (exact === undefined) {
        faults.push(`${owner}.${name}: is not here, and nothing says why`);
        continue;
      }
      states.push({ owner, name, state: exact.entry.state, reason: exact.entry.reason });
    }
  }
  return { states, faults };
}
