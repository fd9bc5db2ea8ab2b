/** What an operator's results become: tensors with their objects, arrays with named fields. */
import { type NativeSchema, type NativeTensor, native } from '../native.js';
import { Tensor, wrap } from '../tensor.js';

type Convert = (value: unknown) => unknown;

const identity: Convert = (value) => value;
const asTensor: Convert = (value) => wrap(value as NativeTensor);

function converterOf(type: string): Convert {
  if (type.endsWith('?')) {
    const inner = converterOf(type.slice(0, -1));
    return inner === identity ? identity : (value) => (value === null ? null : inner(value));
  }
  if (type === 'Tensor') return asTensor;
  if (type.endsWith('[]')) {
    const inner = converterOf(type.slice(0, -2));
    return inner === identity
      ? (value) => Array.from(value as unknown[])
      : (value) => (value as unknown[]).map(inner);
  }
  return identity;
}

/** How one operator is called once its arguments are bound: `bound` in the schema's order, `given` as the caller has them. */
export type Invoke = (bound: unknown[], given: readonly unknown[]) => unknown;

export function invokerOf(schema: NativeSchema): Invoke {
  const { id, returns } = schema;
  const only = returns.length === 1 ? returns[0] : undefined;
  // Written in place, or into `out`: the result is the argument itself, the same object.
  if (returns.length > 0 && returns.every((result) => result.written >= 0 && result.type === 'Tensor')) {
    const written = returns.map((result) => result.written);
    const first = written[0] as number;
    return (bound, given) => {
      native.callOperator(id, undefined, ...bound);
      return only === undefined ? written.map((i) => given[i]) : given[first];
    };
  }
  if (only?.type === 'Tensor') {
    return (bound) => {
      const tensor = new Tensor();
      const result = native.callOperator(id, tensor, ...bound) as NativeTensor;
      if (typeof result !== 'number') return result;
      if (result === 0) return null;
      tensor.handle = result;
      return tensor;
    };
  }
  if (only !== undefined) {
    const convert = converterOf(only.type);
    return (bound) => convert(native.callOperator(id, null as never, ...bound));
  }
  if (returns.length === 0) return (bound) => void native.callOperator(id, undefined, ...bound);
  const converters = returns.map((result) => converterOf(result.type));
  const names = returns.map((result) => result.name);
  const named = names.every((name) => name !== '');
  return (bound) => {
    const values = native.callOperator(id, null as never, ...bound) as unknown[];
    const results = values.map((value, i) => (converters[i] as Convert)(value));
    if (named) {
      for (let i = 0; i < results.length; i++) {
        Object.defineProperty(results, names[i] as string, { value: results[i], enumerable: false });
      }
    }
    return results;
  };
}
