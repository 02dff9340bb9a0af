import { ROWS_SHADERS } from '../../src/gpu/buffer-run.js';
import { PROBE_SHADERS } from '../../src/gpu/probe.js';
import type { Step } from '../../src/graph/step.js';
import { chooseVariant, type DeviceTraits, type Dimensions, type Variant } from '../../src/kernels/index.js';
import { gelu, relu } from '../../src/nn/activations.js';
import { dropout } from '../../src/nn/dropout.js';
import { l2 } from '../../src/nn/l2.js';
import type { Layer } from '../../src/nn/layer.js';
import { softmaxCrossEntropy } from '../../src/nn/losses.js';
import { adam, type Optimizer, sgd } from '../../src/nn/optimizers.js';
import { metricsOf } from '../../src/nn/traced-model.js';
import { Layout } from '../../src/plan/layout.js';
import { KERNEL_SHADERS, shader } from '../../src/plan/shaders.js';
import { caseName, KERNEL_CASES, type KernelCase } from '../../src/verify/kernel-cases.js';
import { leavesOf } from '../../src/verify/kernels.js';
import { philoxWords } from '../../src/verify/randomness.js';
import { type PlanOptions, plan } from '../plan/plan-step.js';
import { layers, traceNetwork } from '../steps/networks.js';
import type { Tile } from './product-loop.js';
import type { Heading, Text } from './texts.js';

const isProduct = (name: string) => name.startsWith('matmul');
const PRODUCTS = KERNEL_CASES.filter(({ kernel }) => isProduct(kernel.name));
const OTHERS = KERNEL_CASES.filter(({ kernel }) => !isProduct(kernel.name));
const VARIANTS = [...new Set(PRODUCTS.flatMap(({ kernel }) => kernel.variants.map(({ name }) => name)))];

/** Sizes at which the choice of a variant is tried. */
const SIZES = [1, 10, 64, 128, 784, 1024, 4096];
/** A multiple of every tile. */
const LARGE = 4096;

/** Returns the name of every variant of a product, with its kernel's, that a device gets for some sizes. */
function chosenVariants(device: DeviceTraits): ReadonlySet<string> {
  const shapes = SIZES.flatMap((m) => SIZES.flatMap((n) => SIZES.map((k): Dimensions => ({ m, n, k }))));
  return new Set(
    PRODUCTS.flatMap(({ kernel }) =>
      shapes.map((sizes) => `${kernel.name} ${chooseVariant(kernel, sizes, device).name}`),
    ),
  );
}

/** Returns the rows and columns of y of a workgroup, if more of y takes more workgroups. */
function tileOf(variant: Variant, device: DeviceTraits): Tile | undefined {
  const gridOf = (size: number) => variant.grid({ m: size, n: size, k: size }, device);
  const [columns, rows] = [0, 1].map((axis) => gridOf(2 * LARGE)[axis] - gridOf(LARGE)[axis]);
  // The difference leaves out workgroups that make something beside y.
  return columns > 0 && rows > 0 ? [LARGE / rows, LARGE / columns] : undefined;
}

/** Dense layers with an activation and dropout between them, softmax cross-entropy and L2. */
function networkOf(widths: readonly number[], cols: number, rows: number, between: () => Layer, optimizer: Optimizer) {
  return traceNetwork({
    layers: layers(widths, between, () => dropout(0.2)),
    loss: softmaxCrossEntropy(),
    optimizer,
    regularizer: l2(1e-5),
    rows,
    cols,
  });
}

/** Collects texts, each once. */
class TextWriter {
  readonly texts: Text[] = [];
  readonly #seen = new Set<string>();
  readonly #names = new Map<string, number>();
  readonly #device: DeviceTraits;
  readonly #chosen: ReadonlySet<string>;

  constructor(device: DeviceTraits, chosen: ReadonlySet<string>) {
    this.#device = device;
    this.#chosen = chosen;
  }

  /** Adds the dispatches of a step as the device gets them, or with products in the variant of `options`. */
  add(heading: Heading, step: Partial<Step>, options: Partial<PlanOptions> = {}, prefix: string = heading): void {
    const device = this.#device;
    const whole = { updates: [], metrics: [], outputs: [], ...step };
    const planned = plan(whole, new Layout({ ringSlots: 2 }), { device, watch: true, ...options });
    for (const { title, wgsl, kernel, variant } of planned.dispatches) {
      if (this.#seen.has(wgsl)) continue;
      this.#seen.add(wgsl);
      this.write({
        name: this.#nameOf(prefix, title),
        heading,
        title,
        wgsl,
        kernel: kernel.name,
        variant: variant.name,
        chosen: options.variant === undefined || this.#chosen.has(`${kernel.name} ${variant.name}`),
        tile: isProduct(kernel.name) ? tileOf(variant, device) : undefined,
      });
    }
  }

  write(text: Text): void {
    this.texts.push(text);
  }

  #nameOf(prefix: string, title: string): string {
    const name = `${prefix}--${title}`.replace(/[^A-Za-z0-9-]+/g, '_').slice(0, 120);
    const count = (this.#names.get(name) ?? 0) + 1;
    this.#names.set(name, count);
    return count === 1 ? name : `${name}.${count}`;
  }
}

/** Returns the results of a kernel's case on leaves, those that it wants. */
function outputsOf(of: KernelCase, sizes: Dimensions) {
  const computed = (of.computes ?? of.kernel.computes)(leavesOf(of, sizes, 'alone'), sizes);
  return Object.keys(computed)
    .filter((name) => of.wanted?.includes(name) ?? true)
    .map((name) => computed[name]);
}

/** Returns the texts that a device gets, those of other variants of products, and those that belong to no plan. */
export function renderTexts(device: DeviceTraits): readonly Text[] {
  const chosen = chosenVariants(device);
  const writer = new TextWriter(device, chosen);
  const fast = adam({ learningRate: 2e-3 });
  const momentum = sgd({ learningRate: 0.1, momentum: 0.9 });

  const { model, x, targets: y, step } = networkOf([128, 10], 784, 64, relu, fast);
  writer.add('mnist', step);
  writer.add('mnist', { metrics: metricsOf(model.metrics({ x, y }, false)) });
  const data = {
    x: model.input('data.x', 60000, 784, 'u8'),
    y: model.input('data.y', 60000, 1, 'u32'),
    order: model.input('data.order', 60000, 1, 'u32'),
    scale: 1 / 255,
    offset: 0,
  };
  writer.add('mnist', model.gather(data, { x, y }));

  const large = networkOf([2048, 2048, 10], 1024, 1024, relu, fast).step;
  writer.add('large', large);
  for (const variant of VARIANTS) writer.add('ride', large, { variant });
  const smooth = networkOf([2048, 2048, 10], 1024, 1024, gelu, momentum).step;
  const used = VARIANTS.filter((name) => [...chosen].some((each) => each.endsWith(` ${name}`)));
  for (const variant of used) writer.add('gelu', smooth, { variant });

  for (const of of PRODUCTS) {
    const outputs = outputsOf(of, { m: 1024, n: 1024, k: 1024 });
    for (const { name } of of.kernel.variants) writer.add('bare', { outputs }, { variant: name, watch: false });
  }
  for (const of of OTHERS) {
    const outputs = outputsOf(of, of.shapes[of.shapes.length - 1]);
    writer.add('other', { outputs }, { watch: false }, `other-${caseName(of)}`);
  }
  const lone = {
    probe: shader(PROBE_SHADERS, 'probe'),
    judge: shader(KERNEL_SHADERS, 'judge'),
    keep: shader(KERNEL_SHADERS, 'keep'),
    'pad-rows': shader(ROWS_SHADERS, 'pad-rows'),
    'unpad-rows': shader(ROWS_SHADERS, 'unpad-rows'),
    'philox-words': philoxWords(),
  };
  for (const [title, wgsl] of Object.entries(lone)) {
    writer.write({ name: `lone--${title}`, heading: 'lone', title, wgsl, chosen: true });
  }
  return writer.texts;
}
