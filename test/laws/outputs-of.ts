import type { GpuEngine } from '../../src/gpu/engine.js';
import type { ExecutorOptions } from '../../src/graph/engine.js';
import type { HostContext } from '../../src/graph/step.js';
import type { Tensor, Values } from '../../src/ops/tensor.js';
import { interpret } from '../../src/reference/interpret.js';
import { type Network, traceNetwork } from '../steps/networks.js';

/** A network's input and parameters, in the order of its layers. */
export type Operands = readonly Float32Array[];

/** Asks a network, without dropout, on the GPU. */
export async function outputsOf(
  engine: GpuEngine,
  network: Network,
  operands: Operands,
  options: ExecutorOptions,
): Promise<Float32Array> {
  const { model, output, leaves } = traced(network);
  const executor = engine.createExecutor({ ...options, slots: 1 });
  try {
    const program = await executor.compile({ updates: [], metrics: [], outputs: [output] }, model.scalars);
    for (const [i, leaf] of leaves.entries()) executor.write(leaf, operands[i]);
    const context: HostContext = {
      seed: [0, 0],
      step: 0,
      sample: 0,
      start: 0,
      count: network.rows,
      hyper: model.hyper,
    };
    const [[y]] = await program.collect([[context]], output);
    program.dispose();
    return y;
  } finally {
    executor.dispose();
  }
}

/** Returns a network's outputs in float64, with bounds for operands that are exact up to `error` times their size. */
export function intervalOf(network: Network, operands: Operands, error: number): Values {
  const { output, leaves } = traced(network);
  const feed = (leaf: Tensor): Values => {
    const data = operands[leaves.indexOf(leaf)];
    return { rows: leaf.rows, cols: leaf.cols, data, error: Float64Array.from(data, (x) => Math.abs(x) * error) };
  };
  return interpret([output], feed, { bounds: true })[0];
}

function traced(network: Network) {
  const { model, x } = traceNetwork(network);
  return { model, output: model.output(x, false), leaves: [x, ...model.parameters.map(({ tensor }) => tensor)] };
}

/** Names and sizes of a network's operands. */
export function shapesOf(network: Network): readonly (readonly [name: string, size: number])[] {
  const { model, x } = traceNetwork(network);
  const shapes = model.parameters.map(({ name, tensor: { rows, cols } }) => [name, rows * cols] as const);
  return [['x', x.rows * x.cols], ...shapes];
}
