import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { Contender, Feed, Multiplication, Product, Training } from './contender.js';
import { dropoutFault } from './dropout-fault.js';
import { layersOf, type Problem } from './network.js';

/** Place of tfjs' WebAssembly. */
export interface TfjsPlace {
  readonly gpu: GPU;
  /** Folder or URL that ends in a slash. */
  readonly wasm: string;
}

/**
 * TensorFlow.js: its core with `optimizer.minimize`, which does less than Keras' `trainOnBatch`. Masks of dropout are
 * its own, drawn on the CPU.
 */
export class TfjsContender implements Contender {
  readonly name: string;
  readonly #backend: 'webgpu' | 'wasm';

  static async open(backend: 'webgpu' | 'wasm', { gpu, wasm }: TfjsPlace): Promise<TfjsContender> {
    tf.enableProdMode();
    if (backend === 'wasm') setWasmPaths(wasm);
    else {
      tf.removeBackend('webgpu'); // in a page it registers itself
      tf.registerBackend('webgpu', () => webgpuBackend(gpu));
    }
    if (!(await tf.setBackend(backend))) throw new Error(`tfjs: the backend ${backend} does not start`);
    return new TfjsContender(backend);
  }

  private constructor(backend: 'webgpu' | 'wasm') {
    this.name = `tfjs-${backend}`;
    this.#backend = backend;
  }

  async train({ network, x, oneHot, start }: Problem, feed: Feed): Promise<Training> {
    await tf.setBackend(this.#backend);
    const { batchSize, dropout, l2, learningRate, momentum } = network;
    const layers = layersOf(network);
    const variables = layers.flatMap(({ rows, cols }, l) => [
      tf.variable(tf.tensor2d(start[2 * l], [rows, cols])),
      tf.variable(tf.tensor1d(start[2 * l + 1])),
    ]);
    const optimizer = tf.train.momentum(learningRate, momentum);
    const upload = () => [
      tf.tensor2d(x, [batchSize, network.sizes[0]]),
      tf.tensor2d(oneHot, [batchSize, network.sizes[network.sizes.length - 1]]),
    ];
    const resident = feed === 'resident' ? upload() : undefined;
    const objective = (inputs: tf.Tensor, targets: tf.Tensor): tf.Scalar => {
      let h = inputs;
      let penalty: tf.Tensor = tf.scalar(0);
      for (const l of layers.keys()) {
        const [w, b] = [variables[2 * l], variables[2 * l + 1]];
        h = tf.add(tf.matMul(h, w), b);
        penalty = tf.add(penalty, tf.mul(tf.sum(tf.square(w)), l2 / 2));
        if (l === layers.length - 1) break;
        h = tf.relu(h);
        if (dropout > 0) h = tf.dropout(h, dropout);
      }
      return tf.add(tf.losses.softmaxCrossEntropy(targets, h), penalty);
    };
    return {
      run: async (count) => {
        await tf.setBackend(this.#backend);
        for (let i = 0; i < count; i++) {
          const batch = resident ?? upload();
          optimizer.minimize(() => objective(batch[0], batch[1]), false, variables);
          if (!resident) tf.dispose(batch);
        }
        await variables[variables.length - 1].data();
      },
      parameters: async () => {
        await tf.setBackend(this.#backend);
        return Promise.all(variables.map((variable) => variable.data()));
      },
      dispose: () => {
        tf.dispose([...variables, ...(resident ?? [])]);
        optimizer.dispose();
      },
    };
  }

  async multiply({ form, size, a, b }: Product): Promise<Multiplication> {
    await tf.setBackend(this.#backend);
    const [left, right] = [tf.tensor2d(a, [size, size]), tf.tensor2d(b, [size, size])];
    const product = () => tf.matMul(left, right, form === 'tn', form === 'nt');
    return {
      run: async (count) => {
        await tf.setBackend(this.#backend);
        for (let i = 1; i < count; i++) product().dispose();
        const last = product();
        const corner = tf.slice(last, [0, 0], [1, 1]);
        await corner.data();
        tf.dispose([last, corner]);
      },
      result: async () => {
        await tf.setBackend(this.#backend);
        const last = product();
        const values = await last.data();
        last.dispose();
        return values;
      },
      dispose: () => tf.dispose([left, right]),
    };
  }

  async dropoutFault({ network: { dropout } }: Problem): Promise<string | undefined> {
    await tf.setBackend(this.#backend);
    const [first, second] = [0, 1].map(() => tf.tidy(() => tf.dropout(tf.ones([64, 128]), dropout)));
    const fault = dropoutFault(dropout, await first.data(), await second.data());
    tf.dispose([first, second]);
    return fault;
  }
}

/** The backend as the package itself makes it in a page. */
async function webgpuBackend(gpu: GPU): Promise<WebGPUBackend> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Error('tfjs: there is no adapter');
  const wanted = [
    'maxComputeWorkgroupStorageSize',
    'maxComputeWorkgroupsPerDimension',
    'maxStorageBufferBindingSize',
    'maxBufferSize',
    'maxComputeWorkgroupSizeX',
    'maxComputeInvocationsPerWorkgroup',
  ] as const;
  const features: readonly GPUFeatureName[] = ['timestamp-query'];
  const device = await adapter.requestDevice({
    requiredFeatures: features.filter((feature) => adapter.features.has(feature)),
    requiredLimits: Object.fromEntries(wanted.map((name) => [name, adapter.limits[name]])),
  });
  return new WebGPUBackend(device, adapter.info);
}
