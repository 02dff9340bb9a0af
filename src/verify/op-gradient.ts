import { gradients } from '../graph/gradient.js';
import { input, multiply, sumAll, Trace, words as wordsLeaf } from '../ops/index.js';
import type { ElementwiseOp, Tensor, Values } from '../ops/tensor.js';
import { Random } from '../random/random.js';
import { interpret } from '../reference/interpret.js';
import { referenceOf } from '../reference/references.js';
import { Findings } from './check.js';
import { HOSTS } from './kernels.js';

/** Rows and columns of the operands on which a gradient is checked. */
const [ROWS, COLS] = [32, 8];
const SIZE = ROWS * COLS;

/** Elements row by row. */
type Elements = Float64Array<ArrayBuffer>;

/** A gradient rule at some operands, and what central differences are made of. */
interface Slopes {
  /** The operands, drawn. */
  readonly x: readonly Elements[];
  /** dy of each element. */
  readonly dy: Elements;
  /** The rule's gradient by each operand; undefined where it has none. */
  readonly rules: readonly (Values['data'] | undefined)[];
  /** Returns the op of some operands. */
  value(x: readonly Elements[]): Values['data'];
  /** Returns the tensor at whose zeros the op has a kink, if it has one. */
  kink(x: readonly Elements[]): Values['data'] | undefined;
}

function slopesOf(op: ElementwiseOp, seed: number): Slopes {
  const { draw, words } = referenceOf(op);
  const random = new Random(seed);
  const x = draw.map((element) => Float64Array.from({ length: SIZE }, () => Math.fround(element(random))));
  const dy = Float64Array.from({ length: SIZE }, () => random.uniform(0.5, 2));
  const trace = new Trace();
  const leaves = x.map((_, i) => input(trace, `x${i}`, ROWS, COLS));
  const weights = input(trace, 'dy', ROWS, COLS);
  const source = words === 'source' ? [wordsLeaf(trace, 'source', 8)] : [];
  const drawn = HOSTS.source({ seed: [seed, 1], step: 3, sample: 0, start: 0, count: ROWS, hyper: {} });
  const y = trace.apply(op, [...leaves, ...source]);
  const kink = op.kink?.([...leaves, ...source]);
  const at = (operands: readonly Elements[], wanted: readonly Tensor[]) =>
    interpret(wanted, (leaf) => {
      if (leaf === source[0]) return { rows: 1, cols: leaf.cols, data: Uint32Array.from(drawn) };
      return { rows: ROWS, cols: COLS, data: leaf === weights ? dy : operands[leaves.indexOf(leaf)] };
    }).map(({ data }) => data);
  const wanted = gradients(sumAll(multiply(y, weights)), leaves);
  const found = at(x, wanted);
  return {
    x,
    dy,
    rules: found.map((data, i) => (wanted[i].op.kind === 'leaf' ? undefined : data)),
    value: (operands) => at(operands, [y])[0],
    kink: (operands) => kink && at(operands, [kink])[0],
  };
}

/** Central differences at a quarter of a step, and how far each may be off; NaN where they do not converge. */
function differences({ x, dy, value, kink }: Slopes, operand: number): { slope: Elements; allowed: Elements } {
  // A step for every element, so that the differences of small and of large ones converge.
  const h = x[operand].map((each) => 1e-3 * (Math.abs(each) || 1));
  const moved = (share: number) => x.map((own, i) => (i === operand ? own.map((each, k) => each + share * h[k]) : own));
  const ends = (share: number) => [value(moved(share)), value(moved(-share))] as const;
  const [whole, half, quarter] = [1, 0.5, 0.25].map(ends);
  const [above, below] = [kink(moved(1)), kink(moved(-1))];
  const over = ([up, down]: typeof whole, share: number, k: number) => (dy[k] * (up[k] - down[k])) / (2 * share * h[k]);
  const allowed = new Float64Array(SIZE);
  const slope = Float64Array.from({ length: SIZE }, (_, k) => {
    // 2^-46: some roundings of float64 in a value, of which the difference is divided by half a step.
    const noise = (2 ** -46 * dy[k] * (Math.abs(whole[0][k]) + Math.abs(whole[1][k]))) / h[k];
    const [first, second, third] = [over(whole, 1, k), over(half, 0.5, k), over(quarter, 0.25, k)];
    const change = Math.abs(second - third);
    const isCrossed = above && below && above[k] > 0 !== below[k] > 0;
    // An error that falls as h² is a quarter as large at half of h, so the last change is three times the error that is left.
    const converges = change <= Math.abs(first - second) / 2 + noise;
    allowed[k] = change + noise + 2 ** -40 * Math.abs(third);
    return converges && !isCrossed ? third : Number.NaN;
  });
  return { slope, allowed };
}

/** Holds an op's gradient, interpreted in float64, against central differences of its value. */
export function checkGradient(op: ElementwiseOp, seed: number): Findings {
  const findings = new Findings();
  const slopes = slopesOf(op, seed);
  const { x, dy, rules } = slopes;
  for (const [i, operand] of op.operands.entries()) {
    const rule = rules[i];
    if (!rule) {
      findings.notes.push(`there is no gradient by ${operand}`);
      continue;
    }
    const { slope, allowed } = differences(slopes, i);
    const known = [...slope.keys()].filter((k) => !Number.isNaN(slope[k]));
    const wrong = known.find((k) => !(Math.abs(rule[k] - slope[k]) <= allowed[k]));
    if (wrong !== undefined) {
      const inputs = op.operands.map((each, j) => `${each} = ${x[j][wrong]}`).join(', ');
      const [got, want] = [rule[wrong] / dy[wrong], slope[wrong] / dy[wrong]];
      findings.demand(
        false,
        `the gradient of ${op.name} by ${operand} at ${inputs} is ${got}, differences give ${want}`,
      );
    }
    const pick = (from: ArrayLike<number>) => Float64Array.from(known, (k) => from[k]);
    const want = { rows: known.length, cols: 1, data: pick(slope), error: pick(allowed) };
    findings.compare(`gradient of ${op.name} by ${operand}`, pick(rule), want);
    const left = SIZE - known.length;
    if (left > 0) findings.notes.push(`${left} of ${SIZE} differences by ${operand} do not converge and are left out`);
    findings.demand(left < SIZE, `no difference of ${op.name} by ${operand} converges; draw other inputs`);
  }
  return findings;
}
