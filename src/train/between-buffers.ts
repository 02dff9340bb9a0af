import { isGpuBuffer } from '../data/batch.js';
import { checkNumber, show } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Engine } from '../graph/engine.js';

const STORAGE = 128; // GPUBufferUsage.STORAGE, without needing the global

/** The sizes of a model, and the device that runs it. */
interface Sizes {
  readonly features: number;
  readonly outputs: number;
  readonly engine: Pick<Engine, 'device'>;
}

/**
 * Returns the rows to compute from `x` to `out`. What is wrong is refused here: a refused command would make the caller's
 * encoder invalid.
 * @throws TypeError or RangeError naming the buffer; EngineError of kind `limit` if the device cannot bind so much of it
 */
export function checkBetween(
  where: string,
  { x, out, rows: wanted }: { x: GPUBuffer; out: GPUBuffer; rows: number | undefined },
  { features, outputs, engine }: Sizes,
): number {
  checkBuffer(where, 'x', x);
  checkBuffer(where, 'out', out);
  if (x === out) throw new TypeError(`${where}: x and out must be different buffers`);
  const held = x.size / (4 * features);
  if (wanted === undefined && !(Number.isInteger(held) && held > 0)) {
    throw new RangeError(`${where}: x must hold whole rows of ${4 * features} bytes, got ${x.size}; or give rows`);
  }
  const rows = wanted === undefined ? held : checkNumber(where, 'rows', wanted, { min: 1, integer: true });
  const most = engine.device?.limits.maxStorageBufferBindingSize ?? Number.POSITIVE_INFINITY;
  checkSize(`${where}: x`, x, { rows, columns: features, most });
  checkSize(`${where}: out`, out, { rows, columns: outputs, most });
  return rows;
}

function checkBuffer(where: string, name: string, value: unknown): void {
  if (!isGpuBuffer(value)) throw new TypeError(`${where}: ${name} must be a GPUBuffer, got ${show(value)}`);
  if (!(value.usage & STORAGE)) throw new TypeError(`${where}: ${name} must have the usage STORAGE`);
  if (value.mapState !== 'unmapped') throw new TypeError(`${where}: ${name} is mapped; call its unmap() first`);
}

function checkSize(
  place: string,
  { size }: GPUBuffer,
  { rows, columns, most }: { rows: number; columns: number; most: number },
): void {
  const bytes = 4 * rows * columns;
  if (size < bytes) throw new RangeError(`${place} must hold ${bytes} bytes (${rows} rows of ${columns}), got ${size}`);
  if (bytes <= most) return;
  throw new EngineError(
    'limit',
    `${place} would take ${bytes} bytes, this device binds at most ${most}; give fewer rows`,
  );
}
