import { gradients } from '../graph/gradient.js';
import { live } from '../graph/step.js';
import type { Tensor, Values } from '../ops/tensor.js';
import { Random } from '../random/random.js';
import { type Feed, interpretSlowly } from '../reference/interpret.js';
import { Findings } from './check.js';
import type { ModelRun, TakenStep } from './model-run.js';
import type { Verification } from './verification.js';

/** A parameter and the gradient of the objective that the training step computes for it. */
export interface Gradient {
  readonly name: string;
  readonly parameter: Tensor;
  readonly gradient: Tensor;
}

/** The gradients in a model's training step; tensors are interned, so these are the step's own. */
export function gradientsOf({ session: { model, compiled } }: ModelRun): Gradient[] {
  const found = gradients(
    model.objective(compiled),
    model.parameters.map(({ tensor }) => tensor),
  );
  return model.parameters.map(({ name, tensor }, i) => ({ name, parameter: tensor, gradient: found[i] }));
}

/** Half the length of the first difference, in units of the parameter. */
const LENGTH = 1e-4;
/** Attempts with differences 16 times shorter, where longer ones say nothing. */
const SHORTENED = 3;
/** The bounds are those of float32 arithmetic, to first order in its unit 2^-23; that of float64 is 2^-53. */
const FLOAT64 = 2 ** -30;

/** The objective as a float64 function of the parameters, at the state and on the rows of a step. */
export interface Slope {
  readonly objective: Tensor;
  readonly feed: Feed;
  /** Tensors at whose zeros an op has a kink. */
  readonly kinks: readonly Tensor[];
  /** Valid rows of the batch: a kink in the others changes nothing. */
  readonly count: number;
  /** The error of the objective from rounding in float64. */
  readonly rounding: number;
}

/** Returns the objective of member 0 at a step. */
export async function slopeOf(run: ModelRun, taken: TakenStep, { yieldToHost }: Verification): Promise<Slope> {
  const { model, compiled } = run.session;
  const objective = model.objective(compiled);
  const feed = run.feed(0, taken);
  const [j] = await interpretSlowly([objective], feed, { bounds: true }, yieldToHost);
  return {
    objective,
    feed,
    kinks: live([objective]).flatMap(({ op, inputs }) =>
      op.kind === 'elementwise' && op.kink ? [op.kink(inputs)] : [],
    ),
    count: taken.contexts[0].count,
    rounding: FLOAT64 * (j.error?.[0] ?? 0) + 2 ** -53 * Math.abs(j.data[0]),
  };
}

/** The number of directions, and the seed they are drawn from. */
interface Directions {
  readonly directions: number;
  readonly seed: number;
  readonly verification: Verification;
}

/**
 * Holds a float64 gradient g against central differences D of the float64 objective along seeded directions v of length 1:
 * D(h) = (J(θ + hv) - J(θ - hv)) / 2h. The bound of |D(h/4) - g·v| is |D(h/2) - D(h/4)|, three times what the curvature of
 * J leaves in D(h/4), and what rounding J in float64 costs. That holds where D converges as h²: where halving h does not
 * bring D at least twice as near, or a ReLU of a valid row changes sides, h is made shorter, and the direction is left out
 * if that does not help.
 * @returns what was found, and how many directions were left out
 */
export async function checkDifferences(
  slope: Slope,
  { parameter, gradient, name }: Gradient,
  found: ReadonlyMap<Tensor, Values>,
  { directions, seed, verification }: Directions,
): Promise<{ findings: Findings; omitted: number }> {
  const g = found.get(gradient)?.data ?? new Float64Array(parameter.rows * parameter.cols);
  const difference = await alongDirections(slope, parameter, g, verification);
  const random = new Random(seed);
  const findings = new Findings();
  let omitted = 0;
  for (let i = 0; i < directions; i++) {
    const v = direction(random, parameter.rows * parameter.cols);
    const along = v.reduce((sum, x, at) => sum + x * g[at], 0);
    const magnitude = v.reduce((sum, x, at) => sum + Math.abs(x * g[at]), 0);
    const measured = await difference(v);
    if (!measured) {
      omitted++;
      continue;
    }
    const allowed = measured.allowed + 2 ** -40 * magnitude;
    const want = { rows: 1, cols: 1, data: Float64Array.of(measured.slope), error: Float64Array.of(allowed) };
    findings.compare(`slope of ${name} along direction ${i}, by central differences`, [along], want);
  }
  return { findings, omitted };
}

/** A direction of length 1, uniform over the sphere. */
function direction(random: Random, length: number): Float64Array {
  const v = Float64Array.from({ length }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    return radius * Math.cos(2 * Math.PI * random.next());
  });
  const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return v.map((x) => x / norm);
}

/** A central difference and how far it may be off. */
interface Difference {
  readonly slope: number;
  readonly allowed: number;
}

/** The central differences of the objective in a parameter, or undefined where they do not converge. */
async function alongDirections(
  { objective, feed, kinks, count, rounding }: Slope,
  parameter: Tensor,
  g: Values['data'],
  { yieldToHost }: Verification,
) {
  const wanted = [objective, ...kinks];
  // Tensors that do not depend on the parameter are computed once.
  const depends = new Set([parameter]);
  const all = live(wanted);
  for (const tensor of all) if (tensor.inputs.some((input) => depends.has(input))) depends.add(tensor);
  const fixed = all.filter((tensor) => !depends.has(tensor) && tensor.op.kind !== 'leaf');
  const fixedValues = await interpretSlowly(fixed, feed, {}, yieldToHost);
  const known = new Map(fixed.map((tensor, i) => [tensor, fixedValues[i]]));
  const theta = feed(parameter);
  const at = (data: Float64Array) =>
    interpretSlowly(wanted, feed, { given: new Map([...known, [parameter, { ...theta, data }]]) }, yieldToHost);
  const differenceAt = async (v: Float64Array, h: number) => {
    const [up, down] = [h, -h].map((length) => Float64Array.from(theta.data, (x, i) => x + length * v[i]));
    const [above, ...zAbove] = await at(up);
    const [below, ...zBelow] = await at(down);
    // Beside a huge element a short step is rounded away: the slope along what is lost is taken from g.
    const lost = v.reduce((sum, x, i) => sum + (x - (up[i] - down[i]) / (2 * h)) * g[i], 0);
    const crossed = zAbove.some(({ data, cols }, k) => {
      const valid = data.subarray(0, count * cols);
      return valid.some((z, i) => z > 0 !== zBelow[k].data[i] > 0);
    });
    return { slope: (above.data[0] - below.data[0]) / (2 * h) + lost, crossed };
  };
  return async (v: Float64Array): Promise<Difference | undefined> => {
    for (let shortened = 0, h = LENGTH; shortened <= SHORTENED; shortened++, h /= 16) {
      const whole = await differenceAt(v, h);
      if (whole.crossed) continue;
      const half = await differenceAt(v, h / 2);
      const quarter = await differenceAt(v, h / 4);
      const noise = (4 * rounding) / h;
      const change = Math.abs(half.slope - quarter.slope);
      if (change > Math.abs(whole.slope - half.slope) / 2 + noise) continue;
      return { slope: quarter.slope, allowed: change + noise };
    }
    return undefined;
  };
}
