import type { Contender, Feed, Multiplication, Product, Training } from './contender.js';
import { dropoutFault } from './dropout-fault.js';
import { jaxSweepers } from './jax-sweep.js';
import {
  dropped,
  type Jax,
  type JaxDevice,
  type NdArray,
  stateOf,
  stepOf,
  trainingOf,
  withStep,
} from './jax-training.js';
import type { Problem } from './network.js';
import type { Sweeper } from './sweep.js';

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

  get #queue(): JaxDevice {
    return { name: this.name, use: () => this.#use(), stepsBetweenLooks: STEPS_BETWEEN_LOOKS[this.#device] };
  }

  async train(problem: Problem, feed: Feed): Promise<Training> {
    const jax = this.#use();
    const step = stepOf(jax, problem.network, 'constant');
    return withStep(trainingOf(this.#queue, step, stateOf(jax, problem, feed)), step);
  }

  get sweepers(): Sweeper[] {
    return jaxSweepers(this.#queue);
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
    const sample = (seed: number) => dropped(this.#jax, np.ones(shape), random.key(seed), shape, 1 - dropout).data();
    return dropoutFault(dropout, await sample(1), await sample(2));
  }

  /** The module, with this device as the one on which arrays are made. */
  #use(): Jax {
    this.#jax.defaultDevice(this.#device);
    return this.#jax;
  }
}
