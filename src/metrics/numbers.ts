import { show } from '../errors/arguments.js';

/** Refuses anything but an array of finite numbers. @throws TypeError or RangeError naming `where`, `name` and the element */
export function checkNumbers(where: string, name: string, values: ArrayLike<number>): void {
  const isArray = Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView));
  if (!isArray) throw new TypeError(`${where}: ${name} must be an array of numbers, got ${show(values)}`);
  if (values.length === 0) throw new RangeError(`${where}: ${name} is empty`);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value === 'number' && Number.isFinite(value)) continue;
    const message = `${where}: ${name}[${i}] must be a finite number, got ${show(value)}`;
    throw typeof value === 'number' ? new RangeError(message) : new TypeError(message);
  }
}
