/** What can be called: every overload in the registry, and the functions, methods and modules of the public API. */
import torch from '../../lib/index.js';
import { native } from '../../lib/native.js';
import { excludedFunction, excludedOperator } from './excluded.js';
import type { ParameterType } from './values.js';

export interface Parameter extends ParameterType {
  readonly kwargOnly: boolean;
  readonly hasDefault: boolean;
}

export interface Target {
  /** As it is called in reports and chosen by a pattern. */
  readonly name: string;
  /** As a recipe calls it. */
  readonly expression: string;
  readonly isMethod: boolean;
  /** The parameters of each form that is known; none where nothing is known. */
  readonly forms: readonly (readonly Parameter[])[];
}

const camelCase = (name: string): string =>
  name.replace(/(?<=[a-z0-9])_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

function parametersOf(full: string): readonly Parameter[] | undefined {
  const dot = full.indexOf('.');
  const schema = native.operatorSchema(
    dot < 0 ? full : full.slice(0, dot),
    dot < 0 ? '' : full.slice(dot + 1),
  );
  return schema?.arguments.map(({ name, type, size, kwargOnly, hasDefault }) => ({
    name,
    type,
    ...(size !== undefined && { size }),
    kwargOnly,
    hasDefault,
  }));
}

/** Types that no JavaScript value stands for: an argument of one leaves nothing but the check of its type. */
const foreign = /__torch__|^(Any|Storage|Stream|Dict)|t\[\]/;

export function operatorTargets(): Target[] {
  const targets: Target[] = [];
  for (const name of torch.registeredOperators().sort()) {
    const form = excludedOperator(name) === undefined ? parametersOf(name) : undefined;
    if (form === undefined) continue;
    const [namespace, rest] = name.split('::') as [string, string];
    const [op, overload] = rest.split('.') as [string, string?];
    targets.push({
      name,
      expression: `torch.ops.${namespace}.${op}.${overload ?? 'default'}`,
      isMethod: false,
      forms: [form],
    });
  }
  return targets;
}

/** Whether an argument that must be given can be made at all. */
export const isReachable = (target: Target): boolean =>
  target.forms.every((form) => form.every(({ type, hasDefault }) => hasDefault || !foreign.test(type)));

/** The functions of an object, and of its namespaces, by their paths. */
function functionsOf(path: string, holder: object, found: string[], depth = 0): void {
  for (const [name, value] of Object.entries(holder)) {
    const full = `${path}.${name}`;
    if (excludedFunction(full) !== undefined) continue;
    if (typeof value === 'function') found.push(full);
    else if (depth < 3 && typeof value === 'object' && value !== null && name !== 'ops')
      if (
        Object.prototype.toString.call(value) === '[object Module]' ||
        Object.getPrototypeOf(value) === Object.prototype
      )
        functionsOf(full, value as object, found, depth + 1);
  }
}

export function publicTargets(): Target[] {
  const forms = new Map<string, (readonly Parameter[])[]>();
  for (const full of torch.registeredOperators().sort()) {
    if (!full.startsWith('aten::')) continue;
    const name = camelCase((full.slice(6).split('.') as [string])[0]);
    const form = parametersOf(full);
    if (form !== undefined) forms.set(name, [...(forms.get(name) ?? []), form]);
  }
  const names: string[] = [];
  functionsOf('torch', torch, names);
  const targets: Target[] = names.map((name) => {
    const path = name.split('.');
    const own = path.at(-1) as string;
    const prefixed = path.length === 3 ? camelCase(`${path[1]}_${own}`) : own;
    const isClass = /^[A-Z]/.test(own);
    return {
      name,
      expression: isClass ? `new ${name}` : name,
      isMethod: false,
      forms: forms.get(prefixed) ?? forms.get(own) ?? [],
    };
  });
  for (const name of Object.getOwnPropertyNames(torch.Tensor.prototype)) {
    if (excludedFunction(`Tensor.${name}`) !== undefined) continue;
    const getter = Object.getOwnPropertyDescriptor(torch.Tensor.prototype, name)?.get;
    if (getter !== undefined) continue;
    targets.push({ name: `Tensor.${name}`, expression: name, isMethod: true, forms: forms.get(name) ?? [] });
  }
  return targets;
}
