import type { Tile } from './product-loop.js';

/** The heading that a text stands under; in the order of the table. */
export const HEADINGS = {
  bare: 'Products alone',
  mnist: 'A step of 784-128-10, batch 64: ReLU, dropout, Adam',
  large: 'A step of 1024-2048-2048-10, batch 1024: ReLU, dropout, Adam',
  ride: 'That step, by name of variant',
  gelu: 'That step with GELU, dropout and momentum, by name of variant',
  other: 'Other kernels',
  lone: 'Shaders outside of plans',
  texts: 'Texts',
} as const;

export type Heading = keyof typeof HEADINGS;

/** A WGSL text, and what the report must know of it. */
export interface Text {
  /** The name of its files. */
  readonly name: string;
  readonly heading: Heading;
  readonly title: string;
  readonly wgsl: string;
  readonly kernel?: string;
  readonly variant?: string;
  /** The device gets it for some sizes without asking for the variant by name. */
  readonly chosen: boolean;
  /** For products. */
  readonly tile?: Tile | undefined;
}
