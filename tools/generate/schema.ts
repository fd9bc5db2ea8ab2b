/** Schemas as text, such as `add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`, read into their parts. */

export interface SchemaArgument {
  readonly name: string;
  /** Without the alias annotation: `Tensor`, `SymInt[2]`, `Scalar?`. */
  readonly type: string;
  /** The alias annotation, `a!` say, or ''. */
  readonly alias: string;
  readonly default: string | undefined;
  readonly kwargOnly: boolean;
}

export interface Schema {
  /** With its overload's name: `add.Tensor`. */
  readonly name: string;
  readonly op: string;
  readonly overload: string;
  readonly arguments: readonly SchemaArgument[];
  readonly returns: readonly { readonly type: string; readonly alias: string; readonly name: string }[];
}

/** Splits at commas that no bracket or quote holds. */
function splitList(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let part = '';
  for (const character of text) {
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    if (character === ',' && depth === 0 && quote === '') {
      parts.push(part.trim());
      part = '';
    } else part += character;
  }
  if (part.trim() !== '') parts.push(part.trim());
  return parts;
}

function splitType(text: string): { type: string; alias: string; rest: string } {
  const match = /^([A-Za-z_]+)(?:\(([^)]*)\))?((?:\[\d*\]|\?)*)(?: (.*))?$/s.exec(text);
  if (match === null) throw new Error(`cannot read '${text}' in a schema`);
  const [, base, alias = '', suffix = '', rest = ''] = match;
  return { type: `${base}${suffix}`, alias, rest };
}

/** Reads a schema, with or without its namespace. */
export function parseSchema(text: string): Schema {
  const bare = text.replace(/^[a-z_]+::/, '');
  const arrow = bare.lastIndexOf(' -> ');
  const open = bare.indexOf('(');
  const name = bare.slice(0, open);
  const dot = name.indexOf('.');
  let kwargOnly = false;
  const list: SchemaArgument[] = [];
  for (const part of splitList(bare.slice(open + 1, bare.lastIndexOf(')', arrow)))) {
    if (part === '*') {
      kwargOnly = true;
      continue;
    }
    const { type, alias, rest } = splitType(part);
    const equals = rest.indexOf('=');
    list.push({
      name: equals < 0 ? rest : rest.slice(0, equals),
      type,
      alias,
      default: equals < 0 ? undefined : rest.slice(equals + 1),
      kwargOnly,
    });
  }
  const results = bare.slice(arrow + 4).trim();
  return {
    name,
    op: dot < 0 ? name : name.slice(0, dot),
    overload: dot < 0 ? '' : name.slice(dot + 1),
    arguments: list,
    returns: splitList(results.startsWith('(') ? results.slice(1, -1) : results).map((part) => {
      const { type, alias, rest } = splitType(part);
      return { type, alias, name: rest };
    }),
  };
}
