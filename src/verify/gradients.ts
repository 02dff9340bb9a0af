import { gradients } from '../graph/gradient.js';
import { type Feed, interpret } from '../graph/interpret.js';
import { live } from '../graph/live.js';
import type { Values } from '../ops/op.js';
import type { Tensor } from '../ops/tensor.js';
import { Random } from '../random/random.js';
import type { Course } from './course.js';
import { Findings } from './findings.js';
import type { ModelRun, TakenStep } from './model-run.js';

/** A parameter and the gradient of the objective that the training step computes for it. */
export interface Gradient {
  readonly name: string;
  readonly parameter: Tensor;
  readonly gradient: Tensor;
}

/** The gradients in a model's training step; tensors are interned, so these are the step's own. */
export function gradientsOf({ session: { model, compiled } }: ModelRun): Gradient[] {
  const found = gradients(
    model.objective(compiled.x, compiled.y),
    model.parameters.map(({ tensor }) => tensor),
  );
  return model.parameters.map(({ name, tensor }, i) => ({ name, parameter: tensor, gradient: found[i] }));
}

/** Ops with a kink at 0 of their input, where there is no derivative. */
const KINKED = new Set(['relu', 'leakyRelu']);

/** Half the length of a difference, in units of the parameter; halved once to see what the curvature costs. */
const LENGTH = 1e-4;
/** How often a difference that crosses a kink is made 16 times shorter. */
const SHORTENED = 3;
/** The bounds are those of float32 arithmetic, to first order in its unit 2^-23; that of float64 is 2^-53. */
const FLOAT64 = 2 ** -30;

/**
 * Holds a float64 gradient against central differences of the float64 objective along seeded directions of length 1:
 * (J(θ + hv) - J(θ - hv)) / 2h. A bound goes with each: how far the difference at h/2 is from that at h (three times what
 * the curvature of J costs the former), and what rounding J in float64 costs, divided by h. Directions along which a ReLU
 * changes sides at every h are left out.
 * @returns what was found, and how many directions were left out
 */
export async function checkDifferences(
  run: ModelRun,
  taken: TakenStep,
  { parameter, gradient, name }: Gradient,
  { directions, seed, course }: { directions: number; seed: number; course: Course },
): Promise<{ findings: Findings; omitted: number }> {
  const { model, compiled } = run.session;
  const objective = model.objective(compiled.x, compiled.y);
  const feed = run.feed(0, taken);
  const [theta, g, j] = interpret([parameter, gradient, objective], feed, { bounds: true });
  const rounding = FLOAT64 * (j.error?.[0] ?? 0) + 2 ** -53 * Math.abs(j.data[0]);
  const difference = alongDirections(objective, parameter, theta, feed);
  const random = new Random(seed);
  const findings = new Findings();
  let omitted = 0;
  for (let i = 0; i < directions; i++) {
    await course.rest();
    const v = direction(random, theta.data.length);
    const slope = v.reduce((sum, x, at) => sum + x * g.data[at], 0);
    const found = difference(v);
    if (!found) {
      omitted++;
      continue;
    }
    const { atHalf, atWhole, h } = found;
    const allowed = Math.abs(atWhole - atHalf) + (4 * rounding) / h + 2 ** -40 * Math.abs(slope);
    findings.compare(`slope of ${name} along direction ${i}`, [slope], {
      rows: 1,
      cols: 1,
      data: Float64Array.of(atHalf),
      error: Float64Array.of(allowed),
    });
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

interface Difference {
  readonly atWhole: number;
  readonly atHalf: number;
  readonly h: number;
}

/** The central differences of the objective in a parameter, or undefined where a kink is in the way. */
function alongDirections(objective: Tensor, parameter: Tensor, theta: Values, feed: Feed) {
  const kinks = live([objective]).flatMap(({ op, inputs }) => (KINKED.has(op.name) ? [inputs[0]] : []));
  const wanted = [objective, ...kinks];
  // What does not depend on the parameter stays as it is.
  const depends = new Set([parameter]);
  const all = live(wanted);
  for (const tensor of all) if (tensor.inputs.some((input) => depends.has(input))) depends.add(tensor);
  const fixed = all.filter((tensor) => !depends.has(tensor) && tensor.op.kind !== 'leaf');
  const fixedValues = interpret(fixed, feed);
  const known = new Map(fixed.map((tensor, i) => [tensor, fixedValues[i]]));
  const at = (v: Float64Array, h: number) => {
    const data = Float64Array.from(theta.data, (x, i) => x + h * v[i]);
    return interpret(wanted, feed, { given: new Map([...known, [parameter, { ...theta, data }]]) });
  };
  const slopeAt = (v: Float64Array, h: number) => {
    const [above, ...zAbove] = at(v, h);
    const [below, ...zBelow] = at(v, -h);
    const crossed = zAbove.some(({ data }, k) => data.some((z, i) => z > 0 !== zBelow[k].data[i] > 0));
    return { slope: (above.data[0] - below.data[0]) / (2 * h), crossed };
  };
  return (v: Float64Array): Difference | undefined => {
    for (let shortened = 0, h = LENGTH; shortened <= SHORTENED; shortened++, h /= 16) {
      const whole = slopeAt(v, h);
      if (whole.crossed) continue;
      const half = slopeAt(v, h / 2);
      return { atWhole: whole.slope, atHalf: half.slope, h };
    }
    return undefined;
  };
}
