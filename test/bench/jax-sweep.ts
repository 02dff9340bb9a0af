import type { numpy } from '@jax-js/jax';
import type { Training } from './contender.js';
import { layersOf, type Network, type Problem } from './network.js';
import { inTurn, type Sweeper, type SweepModel, type SweepTraining } from './sweep.js';

type Jax = typeof import('@jax-js/jax');
type NdArray = numpy.Array;

/** A device of jax-js, and how many steps it may queue. */
export interface JaxDevice {
  readonly name: string;
  /** The module, with the device as the one on which arrays are made. */
  use(): Jax;
  readonly stepsBetweenLooks: number;
}

/**
 * The two ways of a sweep in jax-js: one compiled step for all models, which takes λ, the share that dropout keeps and
 * the learning rate as arguments; and `vmap` of that step over the models.
 */
export function jaxSweepers(device: JaxDevice): Sweeper[] {
  return [
    {
      engine: device.name,
      how: 'one by one',
      oneByOne: true,
      start: async (problem, models) => {
        const step = stepOf(device.use(), problem.network, false);
        const trainings = models.map((model) => trainingOf(device, step, stateOf(device.use(), problem, model)));
        const all = inTurn(trainings);
        return { ...all, dispose: () => disposeAll(all, step) };
      },
    },
    {
      engine: device.name,
      how: 'vmap',
      oneByOne: false,
      start: async (problem, models) => {
        const jax = device.use();
        const step = stepOf(jax, problem.network, true);
        const training = trainingOf(device, step, stateOf(jax, problem, ...models));
        const parameters = async (model: number) => {
          const all = await training.parameters();
          return all.map((values) => {
            const size = values.length / models.length;
            return Array.prototype.slice.call(values, model * size, (model + 1) * size);
          });
        };
        const sweep: SweepTraining = { run: training.run, parameters, dispose: training.dispose };
        return { ...sweep, dispose: () => disposeAll(sweep, step) };
      },
    },
  ];
}

function disposeAll(sweep: SweepTraining, step: Step): void {
  sweep.dispose();
  step.dispose();
}

/**
 * A step: it takes and returns parameters, velocities and a key; it also takes the batch and [λ, share kept, learning
 * rate].
 */
type Step = ((
  thetas: NdArray[],
  velocities: NdArray[],
  key: NdArray,
  inputs: NdArray,
  targets: NdArray,
  hyper: NdArray[],
) => [NdArray[], NdArray[], NdArray]) & { dispose(): void };

function stepOf(jax: Jax, network: Network, mapped: boolean): Step {
  const { jit, valueAndGrad, vmap } = jax;
  const gradientOf = valueAndGrad(objectiveOf(jax, network));
  const update = (
    thetas: NdArray[],
    velocities: NdArray[],
    key: NdArray,
    inputs: NdArray,
    targets: NdArray,
    [l2, keep, rate]: NdArray[],
  ): [NdArray[], NdArray[]] => {
    const old = thetas.map((theta) => theta.ref);
    const [loss, gradients] = gradientOf(old, key, inputs, targets, l2, keep);
    loss.dispose();
    const changed = velocities.map((velocity, p) => velocity.mul(network.momentum).add(gradients[p]));
    const updated = thetas.map((theta, p) => theta.sub(changed[p].ref.mul(rate.ref)));
    rate.dispose();
    return [updated, changed];
  };
  const all = mapped ? vmap(update, [0, 0, null, null, null, 0]) : update;
  return jit((thetas, velocities, key, inputs, targets, hyper) => {
    const [next, own] = halves(jax, key);
    const [updated, changed] = all(thetas, velocities, own, inputs, targets, hyper) as [NdArray[], NdArray[]];
    return [updated, changed, next] as [NdArray[], NdArray[], NdArray];
  });
}

/** The arrays of a training on its device. */
interface State {
  thetas: NdArray[];
  velocities: NdArray[];
  key: NdArray;
  readonly batch: NdArray[];
  readonly hyper: NdArray[];
}

/** The state of one model, or of several in arrays with an axis more. */
function stateOf({ numpy: np, random }: Jax, { network, x, oneHot, start }: Problem, ...models: SweepModel[]): State {
  const { batchSize, sizes } = network;
  const axis = models.length > 1 ? [models.length] : [];
  const shapes = layersOf(network).flatMap(({ rows, cols }) => [
    [...axis, rows, cols],
    [...axis, cols],
  ]);
  const repeat = (values: Float32Array) => {
    const all = new Float32Array(values.length * models.length);
    for (const i of models.keys()) all.set(values, i * values.length);
    return all;
  };
  const hyper = (of: (model: SweepModel) => number) => np.array(Float32Array.from(models, of)).reshape(axis);
  return {
    thetas: start.map((values, p) => np.array(repeat(values)).reshape(shapes[p])),
    velocities: shapes.map((shape) => np.zeros(shape)),
    key: random.key(1),
    batch: [np.array(x).reshape([batchSize, sizes[0]]), np.array(oneHot).reshape([batchSize, sizes[sizes.length - 1]])],
    hyper: [hyper(({ l2 }) => l2), hyper(({ dropout }) => 1 - dropout), hyper(({ learningRate }) => learningRate)],
  };
}

function trainingOf(device: JaxDevice, step: Step, state: State): Training {
  return {
    run: async (count) => {
      const { blockUntilReady } = device.use();
      for (let i = 0; i < count; i++) {
        const { thetas, velocities, key, batch, hyper } = state;
        const [inputs, targets] = batch.map((each) => each.ref);
        const given = hyper.map((each) => each.ref);
        [state.thetas, state.velocities, state.key] = step(thetas, velocities, key, inputs, targets, given);
        if ((i + 1) % device.stepsBetweenLooks === 0) await blockUntilReady([state.thetas, state.velocities]);
      }
      await blockUntilReady([state.thetas, state.velocities]);
      await state.thetas[state.thetas.length - 1].ref.data();
    },
    parameters: async () => {
      device.use();
      return Promise.all(state.thetas.map((theta) => theta.ref.data()));
    },
    dispose: () => {
      const { thetas, velocities, key, batch, hyper } = state;
      device.use().tree.dispose([thetas, velocities, [key], batch, hyper]);
    },
  };
}

/** Two keys from one. */
export function halves({ random }: Jax, key: NdArray): [NdArray, NdArray] {
  const keys = random.split(key, 2);
  return [keys.ref.slice(0), keys.slice(1)];
}

/** The mean cross-entropy + (λ/2) · Σw² of a network, with λ and the share that dropout keeps as arguments. */
function objectiveOf(jax: Jax, network: Network) {
  const { nn, numpy: np, random } = jax;
  const { batchSize, sizes } = network;
  const layers = layersOf(network);
  return (parameters: NdArray[], key: NdArray, x: NdArray, targets: NdArray, l2: NdArray, keep: NdArray): NdArray => {
    let h = x;
    let rest = key;
    let squares = np.zeros([]);
    for (const l of layers.keys()) {
      const [w, b] = [parameters[2 * l], parameters[2 * l + 1]];
      h = np.matmul(h, w.ref).add(b);
      squares = squares.add(np.square(w).sum());
      if (l === layers.length - 1) break;
      const [next, mask] = halves(jax, rest);
      rest = next;
      const kept = random.bernoulli(mask, keep.ref, [batchSize, sizes[l + 1]]);
      h = np.where(kept, nn.relu(h).div(keep.ref), 0);
    }
    rest.dispose();
    keep.dispose();
    const loss = nn
      .logSoftmax(h)
      .mul(targets)
      .sum()
      .mul(-1 / batchSize);
    return loss.add(squares.mul(l2).mul(0.5));
  };
}
