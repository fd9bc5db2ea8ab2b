// jax-js with its WebAssembly backend. Arrays are owned: `ref` keeps one that an operation would take.
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import {
  batch,
  comparedSteps,
  learningRate,
  matrices,
  perceptron,
  samples,
  serveLibrary,
  side,
  sizes,
} from '../../../dist/bench/rivals/problem.js';

await init('wasm');
defaultDevice('wasm');

function matmul() {
  const { a, b } = matrices();
  const left = np.array(a).reshape([side, side]);
  const right = np.array(b).reshape([side, side]);
  return {
    async run(count) {
      for (let i = 0; i < count; i++) {
        const product = np.matmul(left.ref, right.ref);
        await product.ref.blockUntilReady();
        product.dispose();
      }
    },
    async values() {
      const product = await np.matmul(left.ref, right.ref).data();
      return samples.map((i) => product[i]);
    },
  };
}

function training() {
  const start = perceptron();
  const { input, hidden, output } = sizes;
  const x = np.array(start.x).reshape([batch, input]);
  const y = nn.oneHot(np.array(start.labels, { dtype: np.int32 }), output);
  let weights = [
    np.array(start.w1).reshape([input, hidden]),
    np.zeros([hidden]),
    np.array(start.w2).reshape([hidden, output]),
    np.zeros([output]),
  ];
  const loss = ([w1, b1, w2, b2], data, target) => {
    const logits = np.matmul(nn.relu(np.matmul(data, w1).add(b1)), w2).add(b2);
    return nn
      .logSoftmax(logits)
      .mul(target)
      .sum()
      .mul(-1 / batch);
  };
  const update = jit((old, data, target) => {
    const [value, gradients] = valueAndGrad(loss)(
      old.map((weight) => weight.ref),
      data,
      target,
    );
    return [value, old.map((weight, i) => weight.sub(gradients[i].mul(learningRate)))];
  });
  const step = async () => {
    const [value, next] = update(weights, x.ref, y.ref);
    weights = next;
    await blockUntilReady(next.map((weight) => weight.ref));
    return value;
  };
  return {
    async run(count) {
      for (let i = 0; i < count; i++) (await step()).dispose();
    },
    async values() {
      const losses = [];
      for (let i = 0; i < comparedSteps; i++) losses.push((await (await step()).data())[0]);
      return losses;
    },
  };
}

await serveLibrary({ matmul, training });
