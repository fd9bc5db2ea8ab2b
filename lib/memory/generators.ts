/** Scopes of generators, which others run in between. */
import { types } from 'node:util';
import { native } from '../native.js';
import { handlesWithin } from './within.js';

/** Scopes of generators that were dropped before their end: what they made is left to the collector. */
let abandoned: FinalizationRegistry<number> | undefined;

/** Generators that have a scope already. */
const scoped = new WeakSet<object>();

/** Whether a value is a generator, in a scope or not. */
export function isGenerator(value: object): value is Generator {
  return types.isGeneratorObject(value) || scoped.has(value);
}

/** What iterators have in common, `map` and `filter` in newer versions of Node. */
const iteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object;

/** @throws TypeError for an asynchronous generator, whose steps cannot be told from what runs between them. */
export function refuseAsyncGenerator(name: string, generator: object): void {
  if (Symbol.asyncIterator in generator) {
    throw new TypeError(
      `${name}(): the callback gives an asynchronous generator. Use tidyAsync inside it, for what lies between two ` +
        'yields, or free tensors with `using` or dispose().',
    );
  }
}

/**
 * The same generator, whose steps run in `scope`; it closes the scope at its end.
 * @internal
 */
export function tidyGenerator<Yielded, Returned, Sent>(
  name: string,
  inner: Generator<Yielded, Returned, Sent>,
  scope: number,
): Generator<Yielded, Returned, Sent> {
  refuseAsyncGenerator(name, inner);
  native.detachScope(scope);
  const token = {};
  let isOpen = true;
  let isRunning = false;

  const close = (): void => {
    isOpen = false;
    abandoned?.unregister(token);
    native.closeScope(scope, []);
  };

  const step = (run: () => IteratorResult<Yielded, Returned>): IteratorResult<Yielded, Returned> => {
    // What is over stays so; and a generator that calls itself is told off by JavaScript.
    if (!isOpen || isRunning) return run();
    isRunning = true;
    native.enterScope(scope);
    try {
      const result = run();
      native.leaveScope(scope);
      native.handOver(scope, handlesWithin(result.value));
      if (result.done) close();
      return result;
    } catch (error) {
      close();
      throw error;
    } finally {
      isRunning = false;
    }
  };

  const generator = Object.assign(Object.create(iteratorPrototype) as object, {
    next: (...sent: [] | [Sent]) => step(() => inner.next(...sent)),
    return: (value: Returned) => step(() => inner.return(value)),
    throw: (error: unknown) => step(() => inner.throw(error)),
    [Symbol.iterator]: () => generator,
    [Symbol.dispose]: () => void generator.return(undefined as Returned),
  }) as Generator<Yielded, Returned, Sent>;
  scoped.add(generator);
  abandoned ??= new FinalizationRegistry((number) => native.dissolveScope(number));
  abandoned.register(generator, scope, token);
  return generator;
}
