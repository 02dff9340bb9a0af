import { checkNumber, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { GpuExecutor } from '../gpu/gpu-executor.js';
import { GpuProgram } from '../gpu/gpu-program.js';
import { type Batch, isGpuBuffer } from './batch.js';
import type { Session } from './session.js';

/** A session's GPU side. @throws EngineError of kind `unsupported` on the reference engine */
function gpuOf(where: string, { executor, compiled }: Session): { executor: GpuExecutor; program: GpuProgram } {
  if (executor instanceof GpuExecutor && compiled.program instanceof GpuProgram)
    return { executor, program: compiled.program };
  throw new EngineError('unsupported', `${where}: GPUBuffers need an engine on WebGPU; this one is the CPU reference`);
}

/** The buffers of a batch and its valid rows, checked. */
function checkBuffers(
  where: string,
  { x, y, rows }: Batch,
  batchSize: number,
): { x: GPUBuffer; y: GPUBuffer; rows: number } {
  for (const [name, value] of Object.entries({ x, y })) {
    if (!isGpuBuffer(value))
      throw new TypeError(`${where}: x and y must both be GPUBuffers, but ${name} is ${show(value)}`);
  }
  const count =
    rows === undefined ? batchSize : checkNumber(where, 'rows', rows, { min: 1, max: batchSize, integer: true });
  return { x: x as GPUBuffer, y: y as GPUBuffer, rows: count };
}

/** Records a step on a batch of buffers. */
function record(where: string, session: Session, encoder: GPUCommandEncoder, batch: Batch): number {
  const { executor, program } = gpuOf(where, session);
  const { x, y, rows } = checkBuffers(where, batch, session.options.batchSize);
  session.reserve(where);
  executor.copyIn(encoder, session.compiled.x, x, rows);
  executor.copyIn(encoder, session.compiled.y, y, rows);
  program.encode(encoder, [[session.context(session.steps, 0, rows)]]);
  return session.took([rows]);
}

/** Starts a step on a batch of buffers; returns its number. */
export function submitBatch(session: Session, batch: Batch): number {
  const { executor } = gpuOf('step', session);
  const encoder = executor.engine.device.createCommandEncoder({ label: 'wgrad batch' });
  const step = record('step', session, encoder, batch);
  executor.submit(encoder).catch(() => {}); // what went wrong is kept for the next await
  return step;
}

/** Records a step on a batch of buffers into the caller's encoder; returns its number. */
export function encodeBatch(session: Session, encoder: GPUCommandEncoder, batch: Batch): number {
  const step = record('encode', session, encoder, batch);
  session.awaitsSubmit = true;
  return step;
}
