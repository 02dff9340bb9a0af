import type { Dimensions, Kernel } from '../kernels/kernel.js';

/** Names of variants by the shape that they are preferred at; see `shapeName`. */
export type Preferences = ReadonlyMap<string, string>;

/** Names a kernel at some sizes: 'matmul-nn m=64,k=784,n=128'. */
export function shapeName({ name }: Pick<Kernel, 'name'>, dimensions: Dimensions): string {
  return `${name} ${Object.entries(dimensions).map(([letter, size]) => `${letter}=${size}`)}`;
}
