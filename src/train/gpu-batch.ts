import { type Batch, isGpuBuffer } from '../data/batch.js';
import { checkNumber, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { GpuExecutor } from '../gpu/gpu-executor.js';
import { GpuProgram } from '../gpu/gpu-program.js';
import type { Session } from './session.js';

/** A session's GPU side. @throws EngineError of kind `unsupported` on the reference engine */
function gpuOf(where: string, { executor, compiled }: Session): { executor: GpuExecutor; program: GpuProgram } {
  if (executor instanceof GpuExecutor && compiled.program instanceof GpuProgram)
    return { executor, program: compiled.program };
  throw new EngineError('unsupported', `${where}: GPUBuffers need an engine on WebGPU; this one is the CPU reference`);
}

const COPY_SOURCE = 4; // GPUBufferUsage.COPY_SRC, without needing the global

/** The buffers of a batch and its valid rows, checked: a copy that WebGPU refuses would spoil the caller's encoder. */
function checkBuffers(where: string, { x, y, rows }: Batch, { options, compiled }: Session) {
  const { batchSize } = options;
  const count = checkNumber(where, 'rows', rows ?? batchSize, { min: 1, max: batchSize, integer: true });
  const check = (name: string, value: unknown, cols: number): GPUBuffer => {
    if (!isGpuBuffer(value))
      throw new TypeError(`${where}: x and y must both be GPUBuffers, but ${name} is ${show(value)}`);
    if (!(value.usage & COPY_SOURCE)) throw new TypeError(`${where}: ${name} must have the usage COPY_SRC`);
    const bytes = count * cols * 4;
    if (value.size >= bytes) return value;
    throw new RangeError(`${where}: ${name} must hold ${bytes} bytes (${count} rows of ${cols}), got ${value.size}`);
  };
  return { x: check('x', x, compiled.x.cols), y: check('y', y, compiled.y.cols), rows: count };
}

/** Records a step on a batch of buffers. */
function record(where: string, session: Session, encoder: GPUCommandEncoder, batch: Batch): number {
  gpuOf(where, session);
  const { x, y, rows } = checkBuffers(where, batch, session);
  session.reserve(where);
  const { executor, program } = gpuOf(where, session); // after a fit with weights that is another one now
  executor.memory.copyIn(encoder, session.compiled.x, x, rows);
  executor.memory.copyIn(encoder, session.compiled.y, y, rows);
  program.encode(encoder, [[session.context(session.steps, 0, rows)]]);
  return session.took([{ count: rows }]);
}

/** Starts a step on a batch of buffers; returns its number. */
export function submitBatch(session: Session, batch: Batch): number {
  const { commands } = gpuOf('step', session).executor;
  const encoder = commands.device.createCommandEncoder({ label: 'wgrad batch' });
  const step = record('step', session, encoder, batch);
  commands.submit(encoder);
  return step;
}

/** Records a step on a batch of buffers into the caller's encoder; returns its number. */
export function encodeBatch(session: Session, encoder: GPUCommandEncoder, batch: Batch): number {
  const step = record('encode', session, encoder, batch);
  session.awaitsSubmit = true;
  return step;
}
