import type { numpy } from '@jax-js/jax';
import type { Contender, Feed, Multiplication, Product, Training } from './contender.js';
import { dropoutFault } from './dropout-fault.js';
import { halves, jaxSweepers } from './jax-sweep.js';
import { layersOf, type Network, type Problem } from './network.js';
import type { Sweeper } from './sweep.js';

type Jax = typeof import('@jax-js/jax');
type NdArray = numpy.Array;

/**
 * Steps between two looks at the results. jax-js starts nothing before, and what it keeps of the steps that wait grows
 * with their square: for 20-16-16-5 on lavapipe a step took 6.0 ms with a look every 4 or 16 steps and 21 ms without, on
 * its WebAssembly 1.3 ms with one at every step and 19 ms without.
 */
const STEPS_BETWEEN_LOOKS = { webgpu: 8, wasm: 1 };

/**
 * jax-js: the whole step in one `jit`, the key of its dropout split inside. Functions of jax-js take what they are given,
 * so every use of an array but its last one needs `.ref`.
 */
export class JaxContender implements Contender {
  readonly name: string;
  readonly #device: 'webgpu' | 'wasm';
  readonly #jax: Jax;

  /**
   * @param url of jax-js' module. Each device gets an instance of its own: functions that jax-js compiles inside itself,
   * such as `random.uniform`, keep constants on the device of their first call and fail on another one.
   */
  static async open(device: 'webgpu' | 'wasm', url: string): Promise<JaxContender> {
    const jax: Jax = await import(/* @vite-ignore */ `${url}?${device}`);
    const started = await jax.init(device);
    if (!started.includes(device)) throw new Error(`jax-js: the device ${device} does not start`);
    return new JaxContender(device, jax);
  }

  private constructor(device: 'webgpu' | 'wasm', jax: Jax) {
    this.name = `jax-${device}`;
    this.#device = device;
    this.#jax = jax;
  }

  async train({ network, x, oneHot, start }: Problem, feed: Feed): Promise<Training> {
    const { blockUntilReady, jit, numpy: np, random, tree, valueAndGrad } = this.#use();
    const { batchSize, sizes, learningRate, momentum } = network;
    const shapes = layersOf(network).flatMap(({ rows, cols }) => [[rows, cols], [cols]]);
    const gradientOf = valueAndGrad(objectiveOf(this.#jax, network));
    const step = jit((thetas: NdArray[], velocities: NdArray[], key: NdArray, inputs: NdArray, targets: NdArray) => {
      const [next, own] = halves(this.#jax, key);
      const [loss, gradients] = gradientOf(
        thetas.map((theta) => theta.ref),
        own,
        inputs,
        targets,
      );
      loss.dispose();
      const changed = velocities.map((velocity, p) => velocity.mul(momentum).add(gradients[p]));
      const updated = thetas.map((theta, p) => theta.sub(changed[p].ref.mul(learningRate)));
      return [updated, changed, next] as [NdArray[], NdArray[], NdArray];
    });
    const upload = () => [
      np.array(x).reshape([batchSize, sizes[0]]),
      np.array(oneHot).reshape([batchSize, sizes[sizes.length - 1]]),
    ];
    const resident = feed === 'resident' ? upload() : undefined;
    let thetas = start.map((values, p) => np.array(values).reshape(shapes[p]));
    let velocities = shapes.map((shape) => np.zeros(shape));
    let key = random.key(1);
    return {
      run: async (count) => {
        this.#use();
        for (let i = 0; i < count; i++) {
          const [inputs, targets] = resident ? resident.map((each) => each.ref) : upload();
          [thetas, velocities, key] = step(thetas, velocities, key, inputs, targets);
          if ((i + 1) % STEPS_BETWEEN_LOOKS[this.#device] === 0) await blockUntilReady([thetas, velocities]);
        }
        await blockUntilReady([thetas, velocities]); // what nobody waits for, jax-js may leave undone
        await thetas[thetas.length - 1].ref.data();
      },
      parameters: async () => {
        this.#use();
        return Promise.all(thetas.map((theta) => theta.ref.data()));
      },
      dispose: () => {
        tree.dispose([thetas, velocities, [key], resident ?? []]);
        step.dispose();
      },
    };
  }

  get sweepers(): Sweeper[] {
    const stepsBetweenLooks = STEPS_BETWEEN_LOOKS[this.#device];
    return jaxSweepers({ name: this.name, use: () => this.#use(), stepsBetweenLooks });
  }

  async multiply({ form, size, a, b }: Product): Promise<Multiplication> {
    const { blockUntilReady, jit, numpy: np, tree } = this.#use();
    const [left, right] = [a, b].map((values) => np.array(values).reshape([size, size]));
    const product = jit((p: NdArray, q: NdArray) =>
      np.matmul(form === 'tn' ? p.transpose() : p, form === 'nt' ? q.transpose() : q),
    );
    const corner = jit((y: NdArray) => y.slice([0, 1], [0, 1]));
    return {
      run: async (count) => {
        this.#use();
        const products = Array.from({ length: count }, () => product(left.ref, right.ref));
        await blockUntilReady(products);
        await corner(products[count - 1].ref).data();
        tree.dispose(products);
      },
      result: async () => {
        this.#use();
        return product(left.ref, right.ref).data();
      },
      dispose: () => {
        tree.dispose([left, right]);
        product.dispose();
        corner.dispose();
      },
    };
  }

  async dropoutFault({ network: { dropout } }: Problem): Promise<string | undefined> {
    const { numpy: np, random } = this.#use();
    const shape = [64, 128];
    const sample = (seed: number) => dropped(this.#jax, np.ones(shape), random.key(seed), shape, dropout).data();
    return dropoutFault(dropout, await sample(1), await sample(2));
  }

  /** The module, with this device as the one on which arrays are made. */
  #use(): Jax {
    this.#jax.defaultDevice(this.#device);
    return this.#jax;
  }
}

/** Inverted dropout. */
function dropped({ numpy, random }: Jax, h: NdArray, key: NdArray, shape: number[], rate: number): NdArray {
  return numpy.where(random.bernoulli(key, 1 - rate, shape), h.mul(1 / (1 - rate)), 0);
}

/** The mean cross-entropy + (λ/2) · Σw². */
function objectiveOf(jax: Jax, network: Network) {
  const { nn, numpy: np } = jax;
  const { batchSize, dropout, l2, sizes } = network;
  const layers = layersOf(network);
  return (parameters: NdArray[], key: NdArray, x: NdArray, targets: NdArray): NdArray => {
    let h = x;
    let rest = key;
    let squares: NdArray | undefined;
    for (const l of layers.keys()) {
      const [w, b] = [parameters[2 * l], parameters[2 * l + 1]];
      h = np.matmul(h, w.ref).add(b);
      const own = np.square(w).sum();
      squares = squares ? squares.add(own) : own;
      if (l === layers.length - 1) break;
      h = nn.relu(h);
      if (dropout === 0) continue;
      const [next, mask] = halves(jax, rest);
      rest = next;
      h = dropped(jax, h, mask, [batchSize, sizes[l + 1]], dropout);
    }
    rest.dispose();
    const loss = nn
      .logSoftmax(h)
      .mul(targets)
      .sum()
      .mul(-1 / batchSize);
    return squares ? loss.add(squares.mul(l2 / 2)) : loss;
  };
}
