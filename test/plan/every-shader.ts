import { ROWS_SHADERS } from '../../src/gpu/buffer-run.js';
import { PROBE_SHADERS } from '../../src/gpu/probe.js';
import type { Step } from '../../src/graph/step.js';
import type { DeviceTraits } from '../../src/kernels/index.js';
import { metricsOf } from '../../src/nn/traced-model.js';
import { add } from '../../src/ops/arithmetic.js';
import { OPS } from '../../src/ops/every-op.js';
import type { ElementwiseOp } from '../../src/ops/index.js';
import { input, words } from '../../src/ops/leaves.js';
import { matmul } from '../../src/ops/products.js';
import { type Tensor, Trace } from '../../src/ops/tensor.js';
import { Layout } from '../../src/plan/layout.js';
import { KERNEL_SHADERS, shader } from '../../src/plan/shaders.js';
import { KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { leavesOf } from '../../src/verify/kernels.js';
import { philoxWords } from '../../src/verify/randomness.js';
import { CASES } from '../ops/elementwise-cases.js';
import { NETWORKS, traceNetwork } from '../steps/networks.js';
import { EIGHT_LANES, FOUR_LANES, VARIED_LANES } from './devices.js';
import { type PlanOptions, plan } from './plan-step.js';

/** A final text, how its buffers are bound, and the file of its kernel. */
export interface FinalShader {
  readonly title: string;
  readonly wgsl: string;
  readonly kinds: string;
  readonly file: string;
  /** Nothing rides on the kernel. */
  readonly bare: boolean;
}

function shadersOf(step: Partial<Step>, options: PlanOptions): FinalShader[] {
  const whole = { updates: [], metrics: [], outputs: [], ...step };
  return plan(whole, new Layout({ ringSlots: 2 }), options).dispatches.map(
    ({ title, wgsl, bindings, kernel, variant }) => ({
      title,
      wgsl,
      kinds: bindings.map(({ write }) => (write ? 'w' : 'r')).join(''),
      file: variant.shader,
      bare: title === `${kernel.name} ${variant.name}`,
    }),
  );
}

/** Returns the texts of every kernel alone on leaves, in every variant, on some devices. */
export function kernelShaders(...devices: readonly DeviceTraits[]): FinalShader[] {
  return KERNEL_CASES.flatMap((of) =>
    of.kernel.variants.flatMap(({ name }) =>
      of.shapes.flatMap((sizes) => {
        const computed = (of.computes ?? of.kernel.computes)(leavesOf(of, sizes, 'two members'), sizes);
        const outputs = Object.entries(computed).flatMap(([output, tensor]) =>
          (of.wanted?.includes(output) ?? true) ? [tensor] : [],
        );
        return devices.flatMap((device) => shadersOf({ outputs }, { variant: name, device }));
      }),
    ),
  );
}

const elementwise = OPS.filter((op): op is ElementwiseOp => op.kind === 'elementwise');

/** An elementwise op on `x` and leaves. */
function applied(op: ElementwiseOp, x: Tensor): Tensor {
  const { trace, rows, cols } = x;
  const shape = { rows, cols };
  if (op.name === 'expand') return trace.apply(op, [x], shape);
  const { draw, words: source } = CASES[op.name];
  if (draw.length === 0 && source) return add(x, trace.apply(op, [words(trace, 'source', source.length)], shape));
  const others = draw.slice(1).map((_, i) => input(trace, `other${i}`, op.name === 'bias' ? 1 : x.rows, x.cols));
  return trace.apply(op, [x, ...others, ...(source ? [words(trace, 'source', source.length)] : [])]);
}

/** Every elementwise op as a rider and by itself. */
function ops(): FinalShader[] {
  return elementwise.flatMap((op) => {
    const trace = new Trace();
    const [a, b] = [input(trace, 'a', 6, 5), input(trace, 'b', 5, 7)];
    const product = matmul(a, b);
    return [true, false].flatMap((ride) => shadersOf({ outputs: [applied(op, product)] }, { ride }));
  });
}

/** Every network in training, watched or not, in evaluation and prediction, and its penalties. */
function networks(): FinalShader[] {
  return Object.values(NETWORKS).flatMap((network) => {
    const { model, x, targets, step } = traceNetwork(network);
    const batch = { x, y: targets };
    const weights = model.input('weights', x.rows, 1);
    const data = (dtype: 'u8' | 'f32') => ({
      x: model.input(`${dtype}.x`, 100, x.cols, dtype),
      y: model.input(`${dtype}.y`, 100, targets.cols, targets.dtype),
      order: model.input(`${dtype}.order`, 100, 1, 'u32'),
      weights: model.input(`${dtype}.weights`, 100, 1),
      scale: dtype === 'u8' ? 1 / 255 : 1,
      offset: dtype === 'u8' ? -0.5 : 0,
    });
    return ['direct', 'broadcast', 'tiled-16', 'tiled', 'tiled-64', 'tiled-128', 'thin'].flatMap((variant) =>
      [true, false].flatMap((watch) =>
        [
          step,
          model.step({ ...batch, weights }),
          { metrics: metricsOf(model.metrics(batch, false)) },
          { metrics: metricsOf(model.metrics({ ...batch, weights }, false)) },
          { outputs: [model.output(x, false)] },
          { outputs: [model.output(x, true)] },
          { metrics: model.penalties() },
          model.gather(data('u8'), batch),
          model.gather(data('f32'), { ...batch, weights }),
          model.gather(data('f32'), { x }),
        ].flatMap((each) => shadersOf(each, { variant, device: EIGHT_LANES, watch })),
      ),
    );
  });
}

/** Every text that a plan can render, once, and those that belong to the engine. */
export function everyShader(): FinalShader[] {
  const own = [
    { title: 'judge', kinds: 'rrw', file: 'judge', bare: true, wgsl: shader(KERNEL_SHADERS, 'judge') },
    { title: 'keep', kinds: 'rrww', file: 'keep', bare: true, wgsl: shader(KERNEL_SHADERS, 'keep') },
    { title: 'probe', kinds: 'rw', file: 'probe', bare: true, wgsl: shader(PROBE_SHADERS, 'probe') },
    ...['pad-rows', 'unpad-rows'].map((file) => ({
      title: file,
      kinds: 'rw',
      file,
      bare: true,
      wgsl: shader(ROWS_SHADERS, file),
    })),
    { title: 'philox-words', kinds: 'rw', file: 'philox-words', bare: true, wgsl: philoxWords() },
  ];
  const all = [...own, ...kernelShaders(EIGHT_LANES, FOUR_LANES, VARIED_LANES), ...ops(), ...networks()];
  return [...new Map(all.map((each) => [each.wgsl, each])).values()];
}
