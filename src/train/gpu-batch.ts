import { type Batch, isGpuBuffer } from '../data/batch.js';
import { checkNumber, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Session } from './session.js';

const COPY_SOURCE = 4; // GPUBufferUsage.COPY_SRC, without needing the global

/** Returns the buffers and valid rows of a batch, checked: a refused copy would make the caller's encoder invalid. */
function checkBuffers(where: string, { x, y, rows }: Batch, { options, compiled }: Session) {
  const { batchSize } = options;
  const count = checkNumber(where, 'rows', rows ?? batchSize, { min: 1, max: batchSize, integer: true });
  const check = (name: string, value: unknown, cols: number): GPUBuffer => {
    if (!isGpuBuffer(value))
      throw new TypeError(`${where}: x and y must both be GPUBuffers, but ${name} is ${show(value)}`);
    if (!(value.usage & COPY_SOURCE)) throw new TypeError(`${where}: ${name} must have the usage COPY_SRC`);
    if (value.mapState === 'mapped' || value.mapState === 'pending') {
      throw new TypeError(`${where}: ${name} is mapped; call its unmap() first`);
    }
    const bytes = count * cols * 4;
    if (value.size >= bytes) return value;
    throw new RangeError(`${where}: ${name} must hold ${bytes} bytes (${count} rows of ${cols}), got ${value.size}`);
  };
  return { x: check('x', x, compiled.x.cols), y: check('y', y, compiled.y.cols), rows: count };
}

/**
 * Records a step on a batch of buffers into the caller's encoder, or starts it where there is none; returns its number.
 * @throws EngineError of kind `unsupported` on the reference engine
 */
export function trainOnBuffers(where: string, session: Session, batch: Batch, encoder?: GPUCommandEncoder): number {
  if (!session.compiled.program.runOnBuffers) {
    throw new EngineError(
      'unsupported',
      `${where}: GPUBuffers need an engine on WebGPU; this one is the CPU reference`,
    );
  }
  const { x, y, rows } = checkBuffers(where, batch, session);
  session.reserve(where);
  const { compiled, ledger } = session; // `reserve` may have switched the program
  const buffers = new Map([
    [compiled.x, x],
    [compiled.y, y],
  ]);
  const started = { count: rows };
  const contexts = session.contexts(ledger.steps, 0, started);
  if (!encoder) return ledger.countOffered(started, compiled.program.runOnBuffers?.(contexts, { buffers, rows }));
  compiled.program.encodeOnBuffers?.(contexts, { buffers, rows }, encoder);
  return ledger.countEncoded(started);
}
