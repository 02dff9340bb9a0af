import { expect, test } from 'vitest';
import {
  createReferenceEngine,
  createTrainer,
  dense,
  elasticNet,
  groupLasso,
  l1,
  l2,
  meanSquaredError,
  penalties,
  type Regularizer,
  sequential,
  sgd,
} from '../../src/index.js';
import { Random } from '../ops/random.js';

const ROWS = 48;
const FEATURES = 8;
/** Weights behind the data: half of the features have none. */
const TRUE = [1.5, 0, -0.8, 0, 0.3, 0, 0, 0.05];

/** Draws x [rows, features] with neighbours that are correlated, and y [rows, outputs] with noise, in what float32 holds. */
function draw(outputs: number, seed: number) {
  const random = new Random(seed);
  const x = random.floats(ROWS * FEATURES);
  for (let i = x.length - 1; i % FEATURES > 0 || i > FEATURES; i--) if (i % FEATURES > 0) x[i] += 0.5 * x[i - 1];
  const noise = random.floats(ROWS * outputs);
  const y = noise.map((e, at) => {
    const [row, k] = [Math.floor(at / outputs), at % outputs];
    return TRUE.reduce((sum, w, j) => sum + w * (1 - 0.6 * k) * x[row * FEATURES + j], 0.3 * e);
  });
  return { x, y, outputs };
}

type Data = ReturnType<typeof draw>;

/** Trains y = x · w on all rows at once and returns w [features, outputs], row by row. */
async function train({ x, y, outputs }: Data, regularizer: Regularizer): Promise<number[]> {
  using trainer = await createTrainer(createReferenceEngine(), sequential([dense(outputs, { bias: false })]), {
    input: [FEATURES],
    batchSize: ROWS,
    loss: meanSquaredError(),
    optimizer: sgd({ learningRate: 0.25 }),
    regularizer,
    seed: 7,
  });
  for (let step = 0; step < 600; step++) trainer.step({ x, y });
  return Array.from((await trainer.weights())[0].data);
}

/**
 * Returns the minimiser of mean squared error + λ1·Σ|w| + λ2/2·Σw² + λg·√outputs·Σ‖w_i‖ by coordinate descent over rows of w, in
 * float64: along a row the loss has the Hessian a·I, so that each row's minimiser has a closed form.
 */
function coordinateDescent({ x, y, outputs }: Data, { l1 = 0, l2 = 0, group = 0 }): number[] {
  const w: number[] = new Array(FEATURES * outputs).fill(0);
  const residual = (row: number, k: number, without: number) => {
    let rest: number = y[row * outputs + k];
    for (let j = 0; j < FEATURES; j++) if (j !== without) rest -= x[row * FEATURES + j] * w[j * outputs + k];
    return rest;
  };
  const scale = 2 / (ROWS * outputs);
  for (let sweep = 0; sweep < 300; sweep++) {
    for (let j = 0; j < FEATURES; j++) {
      let a = 0;
      const z: number[] = new Array(outputs).fill(0);
      for (let row = 0; row < ROWS; row++) {
        const each = x[row * FEATURES + j];
        a += scale * each * each;
        for (let k = 0; k < outputs; k++) z[k] += scale * each * residual(row, k, j);
      }
      const soft = z.map((v) => Math.sign(v) * Math.max(Math.abs(v) - l1, 0));
      const norm = Math.hypot(...soft);
      const kept = norm > 0 ? Math.max(1 - (group * Math.sqrt(outputs)) / norm, 0) : 0;
      for (let k = 0; k < outputs; k++) w[j * outputs + k] = (soft[k] * kept) / (a + l2);
    }
  }
  return w;
}

const proximal = true;

test.each<[string, number, Regularizer, Parameters<typeof coordinateDescent>[1]]>([
  ['the lasso', 1, l1(0.1, { proximal }), { l1: 0.1 }],
  ['the lasso of two outputs', 2, l1(0.1, { proximal }), { l1: 0.1 }],
  ['the elastic net', 1, elasticNet(0.2, { proximal, l1Ratio: 0.7 }), { l1: 0.14, l2: 0.06 }],
  ['l1 by its step and l2 by its gradient', 1, penalties(l1(0.1, { proximal }), l2(0.5)), { l1: 0.1, l2: 0.5 }],
  ['the group lasso', 3, groupLasso(0.05, { proximal }), { group: 0.05 }],
  [
    'the sparse group lasso',
    3,
    penalties(l1(0.01, { proximal }), groupLasso(0.04, { proximal })),
    { l1: 0.01, group: 0.04 },
  ],
])('%s has the weights and the zeros of coordinate descent', async (_, outputs, regularizer, strengths) => {
  for (const seed of [1, 2]) {
    const data = draw(outputs, seed);
    const [got, want] = [await train(data, regularizer), coordinateDescent(data, strengths)];
    const zeros = want.map((w) => w === 0);
    expect(zeros).toContain(true);
    expect(zeros).toContain(false);
    expect(got.map((w) => w === 0)).toEqual(zeros);
    for (const [i, w] of got.entries()) expect(Math.abs(w - want[i])).toBeLessThan(1e-5);
  }
});

test('without its proximal step the lasso has no exact zeros, and about the same weights', async () => {
  const data = draw(1, 1);
  const [got, want] = [await train(data, l1(0.1)), coordinateDescent(data, { l1: 0.1 })];
  expect(got).not.toContain(0);
  for (const [i, w] of got.entries()) expect(Math.abs(w - want[i])).toBeLessThan(0.25 * 0.2);
});
