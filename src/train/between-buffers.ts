import { isGpuBuffer } from '../data/batch.js';
import { checkNumber, show } from '../errors/arguments.js';

const STORAGE = 128; // GPUBufferUsage.STORAGE, without needing the global

/** The sizes of a model, and the device's limit. */
interface Sizes {
  readonly features: number;
  readonly outputs: number;
}

/**
 * Returns the rows to compute from `x` to `out`. What is wrong is refused here: a refused command would make the caller's
 * encoder invalid.
 * @throws TypeError or RangeError naming the buffer
 */
export function checkBetween(
  where: string,
  { x, out, rows: wanted }: { x: GPUBuffer; out: GPUBuffer; rows: number | undefined },
  { features, outputs }: Sizes,
): number {
  checkBuffer(where, 'x', x);
  checkBuffer(where, 'out', out);
  if (x === out) throw new TypeError(`${where}: x and out must be different buffers`);
  const held = x.size / (4 * features);
  if (wanted === undefined && !(Number.isInteger(held) && held > 0)) {
    throw new RangeError(`${where}: x must hold whole rows of ${4 * features} bytes, got ${x.size}; or give rows`);
  }
  const rows = wanted === undefined ? held : checkNumber(where, 'rows', wanted, { min: 1, integer: true });
  checkSize(where, 'x', x, rows, features);
  checkSize(where, 'out', out, rows, outputs);
  return rows;
}

function checkBuffer(where: string, name: string, value: unknown): void {
  if (!isGpuBuffer(value)) throw new TypeError(`${where}: ${name} must be a GPUBuffer, got ${show(value)}`);
  if (!(value.usage & STORAGE)) throw new TypeError(`${where}: ${name} must have the usage STORAGE`);
  if (value.mapState !== 'unmapped') throw new TypeError(`${where}: ${name} is mapped; call its unmap() first`);
}

function checkSize(where: string, name: string, { size }: GPUBuffer, rows: number, columns: number): void {
  const bytes = 4 * rows * columns;
  if (size >= bytes) return;
  throw new RangeError(`${where}: ${name} must hold ${bytes} bytes (${rows} rows of ${columns}), got ${size}`);
}
