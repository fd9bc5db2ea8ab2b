/** `torch.memory.debug`: where tensors are made and freed. */
import { native } from '../native.js';

/** How many calls are shown, from the innermost that is not the library's. */
const SHOWN = 8;

let isOn = false;

/** Where the library's own modules lie, as a stack names it that starts here: lib/, compiled or not, or the bundle. */
function folderOf(line: string): string {
  const [, path = ''] = /(?:\(| at )([^( ]*[\\/])[^\\/]*$/.exec(line) ?? [];
  return path.replace(/memory[\\/]$/, '');
}

/** The places that have been described, by where in their scripts they are. */
const places = new Map<string, string>();

/** The running calls, told apart but not described: that takes long, with source maps above all. */
function currentKey(): string {
  const prepare = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) =>
    sites.map((site) => `${site.getScriptNameOrSourceURL()}:${site.getPosition()}`).join();
  const { stack: key } = new Error();
  Error.prepareStackTrace = prepare;
  return String(key);
}

/** The running calls as an error lists them, without those of the library. */
function describe(): string {
  const { stack = '' } = new Error();
  const lines = stack.split('\n').filter((line) => line.trimStart().startsWith('at '));
  const own = folderOf(lines[0] ?? '');
  const users = lines.filter((line) => !line.includes(own) && !line.includes('(node:internal/'));
  return (users.length > 0 ? users : lines).slice(0, SHOWN).join('\n');
}

function here(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 4 * SHOWN;
  try {
    const key = currentKey();
    let place = places.get(key);
    if (place === undefined) {
      place = describe();
      places.set(key, place);
    }
    return place;
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Whether the places are remembered. */
export function debugging(): boolean {
  return isOn;
}

/** @throws TypeError for anything but a boolean. */
export function setDebugging(value: boolean): void {
  if (typeof value !== 'boolean') throw new TypeError(`memory.debug is a boolean, not ${typeof value}`);
  if (value === isOn) return;
  native.setMemoryDebug(value ? here : null);
  places.clear();
  isOn = value;
}
