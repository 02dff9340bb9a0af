import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-webgpu';
import {
  add,
  losses,
  matMul,
  mul,
  train as optimizers,
  relu,
  setBackend,
  square,
  sum,
  tensor2d,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';

async function train(x: Float32Array, y: Float32Array): Promise<unknown> {
  await setBackend('webgpu');
  const shapes = [[784, 128], [128], [128, 10], [10]];
  const [w1, b1, w2, b2] = shapes.map((shape) => variable(zeros(shape)));
  const [inputs, targets] = [tensor2d(x, [64, 784]), tensor2d(y, [64, 10])];
  optimizers.momentum(0.05, 0.9).minimize(() => {
    const logits = add(matMul(relu(add(matMul(inputs, w1), b1)), w2), b2);
    const penalty = mul(add(sum(square(w1)), sum(square(w2))), 5e-5);
    return add(losses.softmaxCrossEntropy(targets, logits), penalty);
  });
  return w1.data();
}

Object.assign(globalThis, { train }); // otherwise nothing would be left of it
