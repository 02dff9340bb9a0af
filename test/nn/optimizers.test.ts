import { expect, test } from 'vitest';
import {
  adagrad,
  adam,
  adamw,
  createReferenceEngine,
  createTrainer,
  dense,
  type HyperParameters,
  lion,
  meanSquaredError,
  type Optimizer,
  rmsprop,
  sequential,
  sgd,
  stepDecay,
  warmup,
} from '../../src/index.js';

/** θ after a step, from its gradient: PyTorch's loops, with their own states, in float64. */
type Update = (theta: number, gradient: number, t: number) => number;

function torchSgd({ lr = 0.01, mu = 0, nesterov = false, wd = 0, rate = (_: number) => 1 }): Update {
  let buffer = 0;
  return (theta, gradient, t) => {
    buffer = mu * buffer + gradient;
    const direction = nesterov ? gradient + mu * buffer : buffer;
    const at = lr * rate(t - 1);
    return theta - at * direction - at * wd * theta;
  };
}

function torchAdam({ lr = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, wd = 0 }): Update {
  let m = 0;
  let v = 0;
  return (theta, gradient, t) => {
    m = beta1 * m + (1 - beta1) * gradient;
    v = beta2 * v + (1 - beta2) * gradient ** 2;
    const denominator = Math.sqrt(v) / Math.sqrt(1 - beta2 ** t) + eps;
    return theta * (1 - lr * wd) - ((lr / (1 - beta1 ** t)) * m) / denominator;
  };
}

function torchRmsprop({ lr = 0.01, alpha = 0.99, eps = 1e-8, mu = 0 }): Update {
  let v = 0;
  let buffer = 0;
  return (theta, gradient) => {
    v = alpha * v + (1 - alpha) * gradient ** 2;
    buffer = mu * buffer + gradient / (Math.sqrt(v) + eps);
    return theta - lr * buffer;
  };
}

function torchAdagrad({ lr = 0.01, eps = 1e-10 }): Update {
  let sum = 0;
  return (theta, gradient) => {
    sum += gradient ** 2;
    return theta - (lr * gradient) / (Math.sqrt(sum) + eps);
  };
}

/** Lion as in its paper: PyTorch has none. */
function paperLion({ lr = 1e-4, beta1 = 0.9, beta2 = 0.99, wd = 0 }): Update {
  let m = 0;
  return (theta, gradient) => {
    const direction = Math.sign(beta1 * m + (1 - beta1) * gradient);
    m = beta2 * m + (1 - beta2) * gradient;
    return theta * (1 - lr * wd) - lr * direction;
  };
}

const X = 1.5;
const TARGET = 2;
const gradientAt = (theta: number) => 2 * X * (theta * X - TARGET);

/** Trains y = θx on one example; `change` is made before the last step. Returns θ at the start and after each. */
async function train(optimizer: Optimizer, steps: number, change?: HyperParameters): Promise<number[]> {
  using trainer = await createTrainer(createReferenceEngine(), sequential([dense(1, { bias: false })]), {
    input: [1],
    batchSize: 1,
    loss: meanSquaredError(),
    optimizer,
    seed: 5,
  });
  const thetas: number[] = [];
  for (let step = 0; ; step++) {
    thetas.push((await trainer.weights())[0].data[0]);
    if (step === steps) return thetas;
    if (step === steps - 1 && change) expect(trainer.set(change)).toBe(step);
    trainer.step({ x: Float32Array.of(X), y: Float32Array.of(TARGET) });
  }
}

/** Each step starts at what float32 made of the one before; θ < 4 is then known to two units in its last place. */
function expectSteps(thetas: readonly number[], updates: readonly Update[]): void {
  for (const [i, update] of updates.entries()) {
    const [theta, next] = thetas.slice(i, i + 2);
    expect(Math.abs(theta)).toBeLessThan(4);
    expect(next).not.toBe(theta);
    expect(Math.abs(next - update(theta, gradientAt(theta), i + 1))).toBeLessThanOrEqual(2 * 2 ** -22);
  }
}

test.each<[string, Optimizer, Update]>([
  ['sgd()', sgd(), torchSgd({})],
  ['momentum', sgd({ learningRate: 0.1, momentum: 0.9 }), torchSgd({ lr: 0.1, mu: 0.9 })],
  [
    'Nesterov',
    sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    torchSgd({ lr: 0.1, mu: 0.9, nesterov: true }),
  ],
  ['SGDW', sgd({ learningRate: 0.1, momentum: 0.5, weightDecay: 0.3 }), torchSgd({ lr: 0.1, mu: 0.5, wd: 0.3 })],
  [
    'warm-up and decay',
    sgd({ learningRate: warmup(stepDecay(0.2, { every: 2, gamma: 0.5 }), { steps: 2 }), weightDecay: 0.3 }),
    torchSgd({ lr: 0.2, wd: 0.3, rate: (step) => Math.min(1, (step + 1) / 2) * 0.5 ** Math.floor(step / 2) }),
  ],
  ['adam()', adam(), torchAdam({})],
  [
    'adam',
    adam({ learningRate: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 0.5 }),
    torchAdam({ lr: 0.1, beta1: 0.8, beta2: 0.9, eps: 0.5 }),
  ],
  ['adamw()', adamw(), torchAdam({ wd: 0.01 })],
  ['adamw', adamw({ learningRate: 0.1, weightDecay: 0.5 }), torchAdam({ lr: 0.1, wd: 0.5 })],
  ['rmsprop()', rmsprop(), torchRmsprop({})],
  [
    'rmsprop',
    rmsprop({ learningRate: 0.05, alpha: 0.8, epsilon: 0.5, momentum: 0.7 }),
    torchRmsprop({ lr: 0.05, alpha: 0.8, eps: 0.5, mu: 0.7 }),
  ],
  ['adagrad()', adagrad(), torchAdagrad({})],
  ['adagrad', adagrad({ learningRate: 0.3, epsilon: 0.5 }), torchAdagrad({ lr: 0.3, eps: 0.5 })],
  ['lion()', lion(), paperLion({})],
  [
    'lion',
    lion({ learningRate: 0.3, beta1: 0.5, beta2: 0.8, weightDecay: 0.2 }),
    paperLion({ lr: 0.3, beta1: 0.5, beta2: 0.8, wd: 0.2 }),
  ],
])('%s makes ten steps by the formulas', async (_, optimizer, update) => {
  expectSteps(await train(optimizer, 10), Array(10).fill(update));
});

test('set changes the next step and no other', async () => {
  const before = { lr: 0.1, mu: 0.9, wd: 0.3 };
  const optimizer = sgd({ learningRate: before.lr, momentum: before.mu, weightDecay: before.wd });
  const thetas = await train(optimizer, 3, { learningRate: 0.05, momentum: 0.2, weightDecay: 0.1 });
  const update = torchSgd(before);
  const [first, second] = thetas.map(gradientAt);
  const changed: Update = (theta, gradient) => {
    const velocity = 0.2 * (before.mu * first + second) + gradient;
    return theta - 0.05 * velocity - 0.05 * 0.1 * theta;
  };
  expectSteps(thetas, [update, update, changed]);
});

test.each<[string, Optimizer, Optimizer]>([
  ['adamw', adamw({ learningRate: 0.1, weightDecay: 0.5 }), adam({ learningRate: 0.1 })],
  ['sgd', sgd({ learningRate: 0.1, weightDecay: 0.5 }), sgd({ learningRate: 0.1 })],
  ['lion', lion({ learningRate: 0.1, weightDecay: 0.5 }), lion({ learningRate: 0.1 })],
])('%s decays weights and not biases', async (_, decaying, plain) => {
  // With x = 0 the weight has no gradient and the output is the bias.
  const [decayed, kept] = await Promise.all(
    [decaying, plain].map(async (optimizer) => {
      using trainer = await createTrainer(createReferenceEngine(), sequential([dense(1)]), {
        input: [1],
        batchSize: 1,
        loss: meanSquaredError(),
        optimizer,
      });
      for (let step = 0; step < 2; step++) trainer.step({ x: Float32Array.of(0), y: Float32Array.of(1) });
      return (await trainer.weights()).map(({ data }) => data[0]);
    }),
  );
  expect(decayed[0]).toBeCloseTo(kept[0] * 0.95 ** 2, 6);
  expect(decayed[1]).toBe(kept[1]);
  expect(decayed[1]).not.toBe(0);
});
