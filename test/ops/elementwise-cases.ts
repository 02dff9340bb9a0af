import { floatFromBits } from '../../src/ops/leaves.js';
import type { Draw, ElementwiseReference, Place } from '../../src/ops/tensor.js';
import { maskWord } from '../../src/random/source.js';
import { REFERENCES } from '../../src/reference/references.js';
import type { ConformingArithmetic } from './conforming.js';

/** The operands of an elementwise op and its arithmetic, for the tests. */
export interface ElementwiseCase {
  /** One an operand, the words left out. */
  readonly draw: readonly Draw[];
  readonly words?: readonly number[];
  /** The op's WGSL, transcribed. */
  readonly simulate: (x: readonly number[], f: ConformingArithmetic, at: Place) => number;
}

const scale = (at: Place, word: number) => floatFromBits(at.words[word]);
const dropped = (at: Place) => maskWord(at.words, at.row, at.col, at.cols) < at.words[5];

/** log(1 + t) of softplus.wgsl. */
function log1p(t: number, f: ConformingArithmetic): number {
  const s = f.divide(t, f.add(2, t));
  const q = f.multiply(s, s);
  let small = f.divide(q, 13);
  for (const odd of [11, 9, 7, 5, 3]) small = f.multiply(q, f.add(f.round(1 / odd), small));
  return f.multiply(f.multiply(2, s), f.add(1, small));
}

/** S(q) of gelu.wgsl, from the highest power down. */
export const NORMAL_TAIL = [
  -0.020404005, 0.08093547, -0.09659993, 0.0057067773, 0.009855706, 0.047190826, 0.089202516, 0.118149094, 0.13298276,
  0.13298075,
];

/** q·S(q) and exp(-a²/2) of gelu.wgsl. */
function normalTail(a: number, f: ConformingArithmetic): [ratio: number, density: number] {
  const q = f.divide(3, f.add(3, a));
  const ratio = f.multiply(q, f.polynomial(q, NORMAL_TAIL));
  return [ratio, f.exp(f.multiply(-0.5 * a, a))];
}

/** The polynomials of random-normal.wgsl, from the highest power down. */
export const NEAR = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];
export const FAR = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];

/** 1 - p of focal.wgsl. */
const missing = (p: number, f: ConformingArithmetic) => Math.max(2 ** -24, f.subtract(1, p));

const SIMULATED: Readonly<Record<string, ElementwiseCase['simulate']>> = {
  add: ([a, b], f) => f.add(a, b),
  subtract: ([a, b], f) => f.subtract(a, b),
  multiply: ([a, b], f) => f.multiply(a, b),
  divide: ([a, b], f) => f.divide(a, b),
  negate: ([x]) => -x,
  squareRoot: ([x], f) => f.sqrt(x),
  exponential: ([x], f) => f.exp(x),
  logarithm: ([x], f) => f.log(x),
  absolute: ([x]) => Math.abs(x),
  signOf: ([x]) => Math.sign(x),
  maximum: ([a, b]) => Math.max(a, b),
  minimum: ([a, b]) => Math.min(a, b),
  greater: ([a, b]) => (a > b ? 1 : 0),
  choose: ([condition, a, b]) => (condition > 0 ? a : b),
  bias: ([x, b], f) => f.add(x, b),
  expand: ([x]) => x,
  relu: ([x]) => (x < 0 ? 0 : x),
  reluGradient: ([dy, y]) => (y > 0 ? dy : 0),
  leakyRelu: ([x, s], f) => (x < 0 ? f.multiply(x, s) : x),
  leakyReluGradient: ([dy, y, s], f) => (y > 0 ? dy : f.multiply(dy, s)),
  tanh([x], f) {
    const a = Math.abs(x);
    if (a > 0.625) {
      const t = f.exp(f.multiply(-2, a));
      return Math.sign(x) * f.divide(f.subtract(1, t), f.add(1, t));
    }
    const square = f.multiply(a, a);
    const over = f.multiply(a, f.polynomial(square, [1, 105, 945]));
    return Math.sign(x) * f.divide(over, f.polynomial(square, [15, 420, 945]));
  },
  tanhGradient: ([dy, y], f) => f.multiply(dy, f.multiply(f.subtract(1, y), f.add(1, y))),
  sigmoid([x], f) {
    const t = f.exp(-Math.abs(x));
    return f.divide(x >= 0 ? 1 : t, f.add(1, t));
  },
  sigmoidGradient: ([dy, y], f) => f.multiply(dy, f.multiply(y, f.subtract(1, y))),
  gelu([x], f) {
    const [ratio, density] = normalTail(Math.abs(x), f);
    const tail = f.multiply(density, ratio);
    return f.multiply(x, x < 0 ? tail : f.subtract(1, tail));
  },
  geluGradient([dy, x], f) {
    const [ratio, density] = normalTail(Math.abs(x), f);
    const left = f.multiply(density, f.subtract(ratio, f.multiply(f.round(0.3989423), Math.abs(x))));
    return f.multiply(dy, x < 0 ? left : f.subtract(1, left));
  },
  softplus: ([x], f) => f.add(x < 0 ? 0 : x, log1p(f.exp(-Math.abs(x)), f)),
  elu([x, alpha], f) {
    if (x > 0) return x;
    if (x <= -0.5) return f.multiply(alpha, f.subtract(f.exp(x), 1));
    let series = f.add(1, f.divide(x, 8));
    for (const n of [7, 6, 5, 4, 3]) series = f.add(1, f.multiply(f.divide(x, n), series));
    return f.multiply(alpha, f.multiply(x, f.add(1, f.multiply(x * 0.5, series))));
  },
  eluGradient: ([dy, y, alpha], f) => (y > 0 ? dy : f.multiply(dy, f.add(y, alpha))),
  focal: ([c, gamma], f) => f.multiply(c, f.exp(f.multiply(gamma, f.log(missing(f.exp(-c), f))))),
  focalGradient([dy, c, gamma], f) {
    const p = f.exp(-c);
    const q = missing(p, f);
    const pull = f.multiply(gamma, f.multiply(c, f.divide(p, q)));
    return f.multiply(dy, f.multiply(f.exp(f.multiply(gamma, f.log(q))), f.add(1, pull)));
  },
  dropout: ([x], f, at) => (dropped(at) ? 0 : f.multiply(x, scale(at, 6))),
  reluDropoutGradient: ([dy, y], f, at) => (y > 0 ? f.multiply(dy, scale(at, 6)) : 0),
  randomUniform: (_x, _f, at) => (maskWord(at.words, at.row, at.col, at.cols) >>> 8) / 2 ** 24,
  randomNormal(_x, f, at) {
    const odd = 2 * (maskWord(at.words, at.row, at.col, at.cols) >>> 9) + 1;
    const [below, above] = [odd / 2 ** 23, (2 ** 24 - odd) / 2 ** 23];
    const w = -f.log(f.multiply(below, above));
    const p = w < 5 ? f.polynomial(f.subtract(w, 2.5), NEAR) : f.polynomial(f.subtract(f.sqrt(w), 3), FAR);
    return f.multiply(f.round(Math.SQRT2), f.multiply(p, below - 1));
  },
  squaredError([y, t], f) {
    const d = f.subtract(y, t);
    return f.multiply(d, d);
  },
  squaredErrorGradient: ([dy, y, t], f) => f.multiply(dy, f.multiply(2, f.subtract(y, t))),
  binaryCrossEntropy([z, t], f) {
    const linear = f.multiply(Math.abs(z), z < 0 ? t : f.subtract(1, t));
    return f.add(linear, log1p(f.exp(-Math.abs(z)), f));
  },
  binaryCrossEntropyGradient([dy, z, t], f) {
    const e = f.exp(-Math.abs(z));
    const [p, q] = z >= 0 ? [1, e] : [e, 1];
    const over = f.subtract(f.multiply(f.subtract(1, t), p), f.multiply(t, q));
    return f.multiply(dy, f.divide(over, f.add(1, e)));
  },
  binaryCorrect: ([z, t]) => (z > 0 === t > 0.5 ? 1 : 0),
  perExample: ([dy], f, at) => (at.row < at.words[0] ? f.multiply(dy, scale(at, 1)) : 0),
  velocity: ([v, g, mu], f) => f.add(f.multiply(mu, v), g),
  average: ([m, g, beta, rest], f) => f.add(f.multiply(beta, m), f.multiply(rest, g)),
  averageSquare: ([v, g, beta, rest], f) => f.add(f.multiply(beta, v), f.multiply(rest, f.multiply(g, g))),
  adamDirection: ([m, v, correction, epsilon], f) =>
    f.divide(m, f.add(f.multiply(f.sqrt(Math.max(0, v)), correction), epsilon)),
  descend: ([theta, d, rate], f) => f.subtract(theta, f.multiply(rate, d)),
};

/** Words of a source and of a batch. */
const WORDS = { source: [42, 7, 3, 1, 0, 0x66666666, 0x3fd55555, 5], batch: [3, 0x3eaaaaab] } as const;

export const CASES: Readonly<Record<string, ElementwiseCase>> = Object.fromEntries(
  Object.entries(SIMULATED).map(([name, simulate]) => {
    const { draw, words } = elementwiseReference(name);
    return [name, { draw, simulate, words: words && WORDS[words] }];
  }),
);

/** Returns the case of an op. @throws Error saying where to add it if there is none */
export function caseOf(name: string): ElementwiseCase {
  if (Object.hasOwn(CASES, name)) return CASES[name];
  throw new Error(`test: ${name} has no case; transcribe its WGSL into SIMULATED in test/ops/elementwise-cases.ts`);
}

function elementwiseReference(name: string): ElementwiseReference {
  const reference = REFERENCES[name];
  if (!reference || !('draw' in reference)) throw new Error(`test: ${name} has no elementwise reference`);
  return reference;
}
