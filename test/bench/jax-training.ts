import type { numpy } from '@jax-js/jax';
import type { Feed, Repeatable, Training } from './contender.js';
import { layersOf, type Network, type Problem } from './network.js';
import type { SweepModel } from './sweep.js';

export type Jax = typeof import('@jax-js/jax');
export type NdArray = numpy.Array;

/** A device of jax-js, and how many steps it may queue. */
export interface JaxDevice {
  readonly name: string;
  /** The module, with the device as the one on which arrays are made. */
  use(): Jax;
  readonly stepsBetweenLooks: number;
}

/** λ, the share that dropout keeps and the learning rate; numbers become constants of the compiled step. */
type Hyper = readonly (NdArray | number)[];

const hyperOf = ({ l2, dropout, learningRate }: SweepModel) => [l2, 1 - dropout, learningRate];

/** A step: it takes and returns parameters, velocities and a key; it also takes the batch and hyper-parameters. */
export type Step = ((
  thetas: NdArray[],
  velocities: NdArray[],
  key: NdArray,
  inputs: NdArray,
  targets: NdArray,
  hyper: NdArray[],
) => [NdArray[], NdArray[], NdArray]) & { dispose(): void };

/**
 * Compiles a step: of one network with hyper-parameters of its own, `constant`, or that it is given, `argument`; or of
 * many networks, `vmap`.
 */
export function stepOf(jax: Jax, network: Network, way: 'constant' | 'argument' | 'vmap'): Step {
  const { jit, valueAndGrad, vmap } = jax;
  const gradientOf = valueAndGrad(objectiveOf(jax, network));
  const updateWith = (
    thetas: NdArray[],
    velocities: NdArray[],
    key: NdArray,
    inputs: NdArray,
    targets: NdArray,
    [l2, keep, rate]: Hyper,
  ): [NdArray[], NdArray[]] => {
    const old = thetas.map((theta) => theta.ref);
    const [loss, gradients] = gradientOf(old, key, inputs, targets, l2, keep);
    loss.dispose();
    const changed = velocities.map((velocity, p) => velocity.mul(network.momentum).add(gradients[p]));
    const updated = thetas.map((theta, p) => theta.sub(changed[p].ref.mul(again(rate))));
    drop(rate);
    return [updated, changed];
  };
  const update = way === 'vmap' ? vmap(updateWith, [0, 0, null, null, null, 0]) : updateWith;
  const constants = way === 'constant' ? hyperOf(network) : undefined;
  return jit((thetas, velocities, key, inputs, targets, hyper) => {
    const [next, own] = halves(jax, key);
    const given = constants ?? hyper;
    const [updated, changed] = update(thetas, velocities, own, inputs, targets, given) as [NdArray[], NdArray[]];
    return [updated, changed, next] as [NdArray[], NdArray[], NdArray];
  });
}

/** The arrays of a training on its device. */
export interface State {
  thetas: NdArray[];
  velocities: NdArray[];
  key: NdArray;
  /** The arrays that stay on the device: the batch, unless every step uploads it. */
  readonly resident: NdArray[];
  readonly upload: () => NdArray[];
  readonly hyper: NdArray[];
}

/** The state of one network, or of several models in arrays with an axis more. */
export function stateOf(
  { numpy: np, random }: Jax,
  { network, x, oneHot, start }: Problem,
  feed: Feed,
  ...models: SweepModel[]
): State {
  const { batchSize, sizes } = network;
  const axis = models.length > 1 ? [models.length] : [];
  const shapes = layersOf(network).flatMap(({ rows, cols }) => [
    [...axis, rows, cols],
    [...axis, cols],
  ]);
  const repeat = (values: Float32Array) => {
    const all = new Float32Array(values.length * Math.max(1, models.length));
    for (let at = 0; at < all.length; at += values.length) all.set(values, at);
    return all;
  };
  const upload = () => [
    np.array(x).reshape([batchSize, sizes[0]]),
    np.array(oneHot).reshape([batchSize, sizes[sizes.length - 1]]),
  ];
  const columns = models.length > 0 ? [0, 1, 2] : [];
  return {
    thetas: start.map((values, p) => np.array(repeat(values)).reshape(shapes[p])),
    velocities: shapes.map((shape) => np.zeros(shape)),
    key: random.key(1),
    resident: feed === 'resident' ? upload() : [],
    upload,
    hyper: columns.map((i) => np.array(Float32Array.from(models, (model) => hyperOf(model)[i])).reshape(axis)),
  };
}

/** The training of a state by a step, which it does not dispose of. */
export function trainingOf(device: JaxDevice, step: Step, state: State): Training {
  return {
    run: async (count) => {
      const { blockUntilReady } = device.use();
      for (let i = 0; i < count; i++) {
        const { thetas, velocities, key, resident, upload, hyper } = state;
        const [inputs, targets] = resident.length > 0 ? resident.map((each) => each.ref) : upload();
        const given = hyper.map((each) => each.ref);
        [state.thetas, state.velocities, state.key] = step(thetas, velocities, key, inputs, targets, given);
        if ((i + 1) % device.stepsBetweenLooks === 0) await blockUntilReady([state.thetas, state.velocities]);
      }
      await blockUntilReady([state.thetas, state.velocities]); // what nobody waits for, jax-js may leave undone
      await state.thetas[state.thetas.length - 1].ref.data();
    },
    parameters: async () => {
      device.use();
      return Promise.all(state.thetas.map((theta) => theta.ref.data()));
    },
    dispose: () => {
      const { thetas, velocities, key, resident, hyper } = state;
      device.use().tree.dispose([thetas, velocities, [key], resident, hyper]);
    },
  };
}

/** The same training, which disposes of its step too. */
export const withStep = <T extends Repeatable>(training: T, step: Step): T => ({
  ...training,
  dispose: () => {
    training.dispose();
    step.dispose();
  },
});

/** Two keys from one. */
function halves({ random }: Jax, key: NdArray): [NdArray, NdArray] {
  const keys = random.split(key, 2);
  return [keys.ref.slice(0), keys.slice(1)];
}

/** A value that is used again later. */
const again = (value: NdArray | number) => (typeof value === 'number' ? value : value.ref);

function drop(value: NdArray | number): void {
  if (typeof value !== 'number') value.dispose();
}

/** Inverted dropout: a share `keep` of h stays, scaled up. */
export function dropped(jax: Jax, h: NdArray, key: NdArray, shape: number[], keep: NdArray | number): NdArray {
  return jax.numpy.where(jax.random.bernoulli(key, again(keep), shape), h.div(again(keep)), 0);
}

/** The mean cross-entropy + (λ/2) · Σw² of a network, given λ and the share that dropout keeps. */
function objectiveOf(jax: Jax, network: Network) {
  const { nn, numpy: np } = jax;
  const { batchSize, sizes } = network;
  const layers = layersOf(network);
  return (
    parameters: NdArray[],
    key: NdArray,
    x: NdArray,
    targets: NdArray,
    l2: NdArray | number,
    keep: NdArray | number,
  ): NdArray => {
    let h = x;
    let rest = key;
    let squares = np.zeros([]);
    for (const l of layers.keys()) {
      const [w, b] = [parameters[2 * l], parameters[2 * l + 1]];
      h = np.matmul(h, w.ref).add(b);
      squares = squares.add(np.square(w).sum());
      if (l === layers.length - 1) break;
      h = nn.relu(h);
      if (keep === 1) continue;
      const [next, mask] = halves(jax, rest);
      rest = next;
      h = dropped(jax, h, mask, [batchSize, sizes[l + 1]], keep);
    }
    rest.dispose();
    drop(keep);
    const loss = nn
      .logSoftmax(h)
      .mul(targets)
      .sum()
      .mul(-1 / batchSize);
    return loss.add(squares.mul(l2).mul(0.5));
  };
}
