/** The faults of libtorch that litorch guards against, read from the guards' own comments. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/python.js';

/** What each rule of lib/ops/guards says that libtorch does, by the rule's name. */
function rules(): Map<string, string> {
  const found = new Map<string, string>();
  const folder = join(root, 'lib', 'ops', 'guards');
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, note, name] of text.matchAll(/\/\*\* ([^*]+?) \*\/\n(?:export )?(?:const|function) (\w+)/g))
      found.set(name as string, (note as string).replace(/\s+/g, ' '));
  }
  return found;
}

/** Names of operators without namespace and overload, by what libtorch does in them. */
export function upstreamFaults(): string {
  const notes = rules();
  const text = readFileSync(join(root, 'lib', 'ops', 'guards.ts'), 'utf8');
  const local = new Map(
    [...text.matchAll(/^const (\w+)(?:: Guard)? = ([\s\S]*?);$/gm)].map(([, name, body]) => [
      name as string,
      body as string,
    ]),
  );
  const notesOf = (code: string, depth = 0): string[] =>
    [...code.matchAll(/\b[a-z]\w+\b/g)].flatMap(([name]) => {
      if (notes.has(name)) return [notes.get(name) as string];
      return local.has(name) && depth < 3 ? notesOf(local.get(name) as string, depth + 1) : [];
    });
  const operators = new Map<string, Set<string>>();
  for (const [, full, code] of text.matchAll(/^ {2}'(\w+::[\w.]+)': ([\s\S]*?),\n(?= {2}'|\n|\})/gm)) {
    const name = (full as string).replace('aten::', '').replace(/\..*/, '');
    for (const note of notesOf(code as string))
      operators.set(note, (operators.get(note) ?? new Set()).add(name));
  }
  return [...operators]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([note, names]) => `- ${note} ${[...names].map((name) => `\`${name}\``).join(', ')}`)
    .join('\n');
}
