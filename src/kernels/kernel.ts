import type { Dimensions, Operand, Tree } from '../ops/own-kernel.js';
import type { Tensor } from '../ops/tensor.js';

export type { Access, Dimensions, Operand } from '../ops/own-kernel.js';

/** The traits of a device on which the choice of a kernel's variant may depend, beside its sizes. */
export interface DeviceTraits {
  /** The device computes on the CPU. */
  readonly software: boolean;
  /** The maker of the GPU as WebGPU names it, such as 'nvidia'; '' if it is not known. */
  readonly vendor: string;
  /** Lanes of the smallest and of the largest subgroup; 0 where shaders may not use subgroups. */
  readonly subgroupMinSize: number;
  readonly subgroupMaxSize: number;
}

/** The traits that every device has: a kernel that runs on it runs anywhere. */
export const BASELINE_DEVICE: DeviceTraits = { software: true, vendor: '', subgroupMinSize: 0, subgroupMaxSize: 0 };

/** One way to compute a kernel; all ways give the same bits where the device does not fuse multiply and add. */
export interface Variant {
  /** Its name, after what it does: 'direct' (no workgroup memory) or 'tiled', for example. */
  readonly name: string;
  /** True if the device can run it. Default: every device can. */
  runs?(device: DeviceTraits): boolean;
  /** Its rank for these sizes; the first of the highest is used. Below 0: used only by name. Default 0. */
  suits?(dimensions: Dimensions, device: DeviceTraits): number;
  /** File in `shaders/kernels/`, without the extension. */
  readonly shader: string;
  /** The texts of that file and of libraries, by name, that the variant brings. Default: the plan has them. */
  readonly texts?: Readonly<Record<string, string>>;
  /**
   * True if the shader uses subgroups. It may then hand over quads past the last one, which are not stored, so that no lane
   * leaves before the others.
   */
  readonly subgroups?: boolean;
  /** Files of `shaders/lib/` that the shader calls. */
  readonly libraries?: readonly string[];
  /** Lanes of the workgroup and the type of what they add, where the shader calls `tree_sum`. */
  readonly tree?: Tree;
  /** Numbers and flags of the shader's `const` header and of its `#if`s. */
  constants(dimensions: Dimensions, device: DeviceTraits): Readonly<Record<string, number | boolean>>;
  /** Workgroups along x and y; z is the member. */
  grid(dimensions: Dimensions, device: DeviceTraits): readonly [x: number, y: number];
}

/**
 * A handwritten kernel: the ops it computes, as an ordinary function of tensors. Traced on placeholders it is the
 * pattern, traced on the graph's own tensors it is the match, interpreted it is the reference.
 */
export interface Kernel {
  readonly name: string;
  readonly inputs: Readonly<Record<string, Operand>>;
  /** Letters of the results; each is computed where it is wanted. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The results of which a match must have one. Default: the first. */
  readonly anchors?: readonly string[];
  /** The results, by name. An input that no wanted result needs may be missing, and so may the results that need it. */
  computes(inputs: Readonly<Record<string, Tensor>>, dimensions: Dimensions): Readonly<Record<string, Tensor>>;
  /** True if the kernel can compute these sizes. Default: all. */
  fits?(dimensions: Dimensions): boolean;
  /** True if it is only for graphs that want all of its outputs; other kernels compute fewer. */
  readonly whole?: boolean;
  /** True if it covers several structural ops; a plan in which nothing rides does not use it. */
  readonly compound?: boolean;
  readonly variants: readonly Variant[];
  /** Floating-point operations of one member. */
  flops(dimensions: Dimensions): number;
}

/** Returns the variants of a kernel that a device can run. */
export function variantsOn(device: DeviceTraits, { variants }: Kernel): readonly Variant[] {
  return variants.filter(({ runs }) => runs?.(device) ?? true);
}

/** Returns the variant for these sizes on a device: that called `name` if it can run there, or else the best one. */
export function chooseVariant(kernel: Kernel, dimensions: Dimensions, device: DeviceTraits, name?: string): Variant {
  const able = variantsOn(device, kernel);
  const suits = (variant: Variant) => variant.suits?.(dimensions, device) ?? 0;
  return (
    able.find((variant) => variant.name === name) ??
    able.reduce((best, variant) => (suits(variant) > suits(best) ? variant : best))
  );
}

/** Returns the number of tiles of `size` that cover `length`. */
export function tiles(length: number, size: number): number {
  return Math.ceil(length / size);
}

/** Names of variants by the shape that they are preferred at; see `shapeName`. */
export type Preferences = ReadonlyMap<string, string>;

/** Names a kernel at some sizes: 'matmul-nn m=64,k=784,n=128'. */
export function shapeName({ name }: Pick<Kernel, 'name'>, dimensions: Dimensions): string {
  return `${name} ${Object.entries(dimensions).map(([letter, size]) => `${letter}=${size}`)}`;
}
