/** The names of `torch.ops.aten`, for editors to offer, and for the compiler to know that they are there. */
import type { Emitted } from './emit.js';

/** From names such as `aten::add.Tensor`. */
export function emitRegistry(header: string, names: readonly string[]): Emitted {
  const overloads = new Map<string, string[]>();
  for (const name of names) {
    const [, op, overload = 'default'] = /^aten::(\w+)(?:\.(\w+))?$/.exec(name) ?? [];
    if (op === undefined) continue;
    const found = overloads.get(op);
    if (found === undefined) overloads.set(op, [overload]);
    else found.push(overload);
  }
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  const lines = [...overloads]
    .sort(([a], [b]) => compare(a, b))
    .map(
      ([op, list]) =>
        `  ${op}: ${list
          .sort(compare)
          .map((name) => `'${name}'`)
          .join(' | ')};`,
    );
  return {
    name: 'registryTypes.ts',
    text: `${header}\n/** The overloads of each operator of \`aten\`. */\nexport interface AtenOverloads {\n${lines.join('\n')}\n}\n`,
  };
}
