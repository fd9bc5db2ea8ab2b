// TensorFlow.js with its WebAssembly backend.
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
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

if (!(await tf.setBackend('wasm'))) throw new Error('tfjs has no wasm backend here');
await tf.ready();

function matmul() {
  const { a, b } = matrices();
  const left = tf.tensor2d(a, [side, side]);
  const right = tf.tensor2d(b, [side, side]);
  return {
    run(count) {
      for (let i = 0; i < count; i++) tf.matMul(left, right).dispose();
    },
    async values() {
      const product = await tf.matMul(left, right).data();
      return samples.map((i) => product[i]);
    },
  };
}

function training() {
  const start = perceptron();
  const { input, hidden, output } = sizes;
  const x = tf.tensor2d(start.x, [batch, input]);
  const y = tf.oneHot(tf.tensor1d(start.labels, 'int32'), output);
  const w1 = tf.variable(tf.tensor2d(start.w1, [input, hidden]));
  const b1 = tf.variable(tf.zeros([hidden]));
  const w2 = tf.variable(tf.tensor2d(start.w2, [hidden, output]));
  const b2 = tf.variable(tf.zeros([output]));
  const optimizer = tf.train.sgd(learningRate);
  const loss = () => {
    const logits = tf.add(tf.matMul(tf.relu(tf.add(tf.matMul(x, w1), b1)), w2), b2);
    return tf.losses.softmaxCrossEntropy(y, logits);
  };
  const step = () => optimizer.minimize(loss, true, [w1, b1, w2, b2]);
  return {
    run(count) {
      for (let i = 0; i < count; i++) step().dispose();
    },
    async values() {
      const losses = [];
      for (let i = 0; i < comparedSteps; i++) losses.push((await step().data())[0]);
      return losses;
    },
  };
}

await serveLibrary({ matmul, training });
