/** Overloads that a user sees as one: those that differ in the type of one argument, or in what may be left away. */

/** A parameter of a TypeScript signature. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly kwargOnly: boolean;
  readonly spreads: boolean;
}

/** What a caller gives, and what comes back. */
export interface Form {
  readonly parameters: readonly Parameter[];
  readonly result: string;
}

/** The members of a union type. */
function members(type: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < type.length; i++) {
    const character = type[i] as string;
    if ('([{<'.includes(character)) depth++;
    else if (')]}>'.includes(character)) depth--;
    else if (character === '|' && depth === 0) {
      found.push(type.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...found, type.slice(start).trim()];
}

const isWithin = (type: string, wider: readonly string[]): boolean =>
  wider.includes(type) || (type === 'Tensor' && wider.includes('ScalarLike'));

function isNarrower(a: string, b: string): boolean {
  const wider = members(b);
  return members(a).every((type) => isWithin(type, wider));
}

function union(a: string, b: string): string {
  const all = [...new Set([...members(a), ...members(b)])];
  const kept = all.filter(
    (type) =>
      type === 'ScalarLike' ||
      !(
        type === 'Tensor' &&
        isWithin(
          type,
          all.filter((t) => t !== type),
        )
      ),
  );
  // `null` comes last, as everywhere.
  return [...kept.filter((type) => type !== 'null'), ...kept.filter((type) => type === 'null')].join(' | ');
}

const placed = ({ parameters }: Form): readonly Parameter[] => parameters.filter((p) => !p.kwargOnly);
const named = ({ parameters }: Form): readonly Parameter[] => parameters.filter((p) => p.kwargOnly);
const find = (list: readonly Parameter[], name: string): Parameter | undefined =>
  list.find((p) => p.name === name);

/** The places are the same, whatever their types. */
function sameShape(a: Form, b: Form): boolean {
  const [first, second] = [placed(a), placed(b)];
  return (
    a.result === b.result &&
    first.length === second.length &&
    first.every(({ name, spreads }, i) => name === second[i]?.name && spreads === second[i]?.spreads)
  );
}

/** Whether `b` takes all that `a` takes. */
function covers(b: Form, a: Form): boolean {
  return (
    sameShape(a, b) &&
    a.parameters.every((p) => {
      const q = find(b.parameters, p.name);
      return (
        q !== undefined &&
        q.kwargOnly === p.kwargOnly &&
        (q.optional || !p.optional) &&
        isNarrower(p.type, q.type)
      );
    }) &&
    named(b).every((q) => q.optional || find(a.parameters, q.name) !== undefined)
  );
}

/** One form for two, or undefined where it would take what neither takes. */
function merged(a: Form, b: Form): Form | undefined {
  if (covers(a, b)) return a;
  if (covers(b, a)) return b;
  if (!sameShape(a, b)) return undefined;
  const common = a.parameters.filter((p) => find(b.parameters, p.name) !== undefined);
  const differing = common.filter((p) => {
    const q = find(b.parameters, p.name) as Parameter;
    return p.type !== q.type || p.optional !== q.optional;
  });
  const more = named(a).length >= named(b).length ? a : b;
  const fewer = more === a ? b : a;
  if (named(fewer).some((p) => find(more.parameters, p.name) === undefined)) return undefined;
  // Options that one of them lacks may be left away.
  if (common.length < more.parameters.length) {
    if (differing.length > 0) return undefined;
    return {
      result: more.result,
      parameters: more.parameters.map((p) =>
        find(fewer.parameters, p.name) === undefined ? { ...p, optional: true } : p,
      ),
    };
  }
  const [only] = differing;
  if (differing.length !== 1 || only === undefined) return undefined;
  const other = find(b.parameters, only.name) as Parameter;
  const both = { type: union(only.type, other.type), optional: only.optional || other.optional };
  return { result: a.result, parameters: a.parameters.map((p) => (p === only ? { ...p, ...both } : p)) };
}

/** As few forms as take the same, in their order. */
export function mergeForms(forms: readonly Form[]): Form[] {
  const kept: Form[] = [];
  for (const form of forms) {
    let added = form;
    // What a merged form takes may cover another one.
    for (let i = 0; i < kept.length; ) {
      const one = merged(kept[i] as Form, added);
      if (one === undefined) {
        i++;
        continue;
      }
      kept.splice(i, 1);
      added = one;
      i = 0;
    }
    kept.push(added);
  }
  return kept;
}
