/**
 * An argument as data, from which come both the value and the source code that makes it: what is printed for a crash
 * is what was run.
 */

/** Any value, as the expression that makes it. */
export interface Expression {
  readonly kind: 'code';
  readonly code: string;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Recipe[];
}

/** What fills a tensor before it is dressed up. */
export type Fill =
  | { readonly kind: 'ones' | 'zeros' | 'randn' }
  | { readonly kind: 'full'; readonly value: string }
  | { readonly kind: 'integers'; readonly low: number; readonly high: number };

export interface TensorRecipe {
  readonly kind: 'tensor';
  readonly shape: readonly number[];
  /** A dtype's name in `torch`. */
  readonly dtype: string;
  readonly fill: Fill;
  /** What is then done to it, by names of {@link disguises}. */
  readonly disguises: readonly string[];
}

/** The same tensor as an earlier argument, or a view of it. */
export interface Alias {
  readonly kind: 'alias';
  readonly of: string;
  readonly view: string;
}

export type Recipe = Expression | List | TensorRecipe | Alias;

/** A call: the function as an expression, its arguments in order, and its options. */
export interface CallRecipe {
  /** An expression, such as `torch.ops.aten.add.Tensor` or `a0.add`. */
  readonly target: string;
  /** Whether the first argument is the tensor that the method is of. */
  readonly isMethod: boolean;
  /** Seeds torch's generator before the arguments are made. */
  readonly seed: number;
  readonly args: readonly Recipe[];
  readonly options: Readonly<Record<string, Recipe>>;
  /** Whether gradients are asked of what it gives. */
  readonly backward: boolean;
}

/** What may become of a tensor: its name, and the expression, with the tensor as `x`. */
export const disguises: Readonly<Record<string, string>> = {
  transposed: 'x.transpose(0, -1)',
  expanded: 'x.expand([2, ...x.shape])',
  overlapping: 'x.flatten().asStrided([x.numel(), Math.min(2, x.numel())], [1, 0])',
  strided: 'torch.stack([x, x], -1).select(-1, 1)',
  offset: 'torch.cat([x.flatten(), x.flatten()]).narrow(0, x.numel(), x.numel()).view(x.shape)',
  channelsLast: 'x.contiguous({ memoryFormat: torch.channelsLast })',
  conjugated: 'x.conj()',
  negated: 'torch.ops.aten._neg_view(x)',
  leaf: 'x.requiresGrad_()',
  computed: 'x.requiresGrad_().mul(1)',
  inference: 'torch.inferenceMode(() => x.clone())',
  meta: "torch.zeros(x.shape, { device: 'meta', dtype: x.dtype })",
  sparse: 'x.toSparse()',
  uncoalesced: 'torch.cat([x.toSparse(), x.toSparse()])',
  csr: 'x.toSparseCsr()',
  csc: 'x.toSparseCsc()',
  bsr: 'x.toSparseBsr([1, 1])',
  bsc: 'x.toSparseBsc([1, 1])',
  mkldnn: 'x.toMkldnn()',
  nested: 'torch.ops.aten._nested_tensor_from_tensor_list([x, x])',
  zeroTensor: 'torch.ops.aten._efficientzerotensor(x.shape)',
  perChannel:
    'torch.quantizePerChannel(x.to(torch.float32), torch.full([x.size(0)], 0.1), torch.zeros([x.size(0)]).long(), 0, torch.qint8)',
  disposed: '((t) => (t.dispose(), t))(x.clone())',
  wrapped: 'x.sum()',
};

const quantized = /^qu?int/;

function baseOf({ shape, dtype, fill }: TensorRecipe): string {
  const size = `[${shape.join(', ')}]`;
  if (quantized.test(dtype)) {
    return `torch.quantizePerTensor(${baseOf({ kind: 'tensor', shape, dtype: 'float32', fill, disguises: [] })}, 0.1, 3, torch.${dtype})`;
  }
  const plain = dtype === 'float32';
  const options = plain ? '' : `, { dtype: torch.${dtype} }`;
  const cast = plain ? '' : `.to(torch.${dtype})`;
  switch (fill.kind) {
    case 'randn':
      return `torch.randn(${size})${cast}`;
    case 'full':
      return dtype === 'int64' || plain
        ? `torch.full(${size}, ${fill.value}, { dtype: torch.${dtype} })`
        : `torch.full(${size}, ${fill.value})${cast}`;
    case 'integers':
      return `torch.randint(${fill.low}, ${fill.high}, ${size})${dtype === 'int64' ? '' : `.to(torch.${dtype})`}`;
    default:
      return `torch.${fill.kind}(${size}${options})`;
  }
}

/** The expression that makes a value. */
export function codeOf(recipe: Recipe): string {
  switch (recipe.kind) {
    case 'code':
      return recipe.code;
    case 'list':
      return `[${recipe.items.map(codeOf).join(', ')}]`;
    case 'alias':
      return `${recipe.of}${recipe.view}`;
    case 'tensor': {
      let code = baseOf(recipe);
      for (const name of recipe.disguises) {
        const disguise = disguises[name] as string;
        // Where the tensor is named once and first, the call is chained.
        code = /^x\.[^x]*$/.test(disguise) ? `${code}${disguise.slice(1)}` : `((x) => ${disguise})(${code})`;
      }
      return code;
    }
  }
}

/** The call as statements that can be pasted after `import torch from 'litorch'`. */
export function printCall(call: CallRecipe): string {
  return [
    `torch.manualSeed(${call.seed});`,
    ...call.args.map((recipe, i) => `const a${i} = ${codeOf(recipe)};`),
    `${call.backward ? 'const result = ' : ''}${callExpression(call)};`,
    ...(call.backward ? ['for (const y of [result].flat()) if (y?.requiresGrad) y.sum().backward();'] : []),
  ].join('\n');
}

function optionsCode({ options }: CallRecipe): string {
  return `{ ${Object.entries(options)
    .map(([key, recipe]) => `${key}: ${codeOf(recipe)}`)
    .join(', ')} }`;
}

function callExpression(call: CallRecipe, options = optionsCode(call)): string {
  const { target, isMethod, args } = call;
  const given = [
    ...args.map((_, i) => `a${i}`).slice(isMethod ? 1 : 0),
    ...(Object.keys(call.options).length > 0 ? [options] : []),
  ];
  return `${isMethod ? `a0.${target}` : target}(${given.join(', ')})`;
}

/** A function of torch that makes the arguments and gives the call itself, to be made by the caller. */
export function compileCall(call: CallRecipe): (torch: unknown) => () => unknown {
  const lines = call.args.map((recipe, i) => `const a${i} = ${codeOf(recipe)};`);
  lines.push(`const options = ${optionsCode(call)};`, `return () => ${callExpression(call, 'options')};`);
  return new Function('torch', lines.join('\n')) as (torch: unknown) => () => unknown;
}
