/**
 * The accessor by which a kernel's shader reaches an operand; the plan writes it, so layout stays out of the kernel.
 * - `rows`: `x_row(member, row)` gives the place of a row, `x_load(place + quad)` four of its columns
 * - `index`: `labels_index(member, row)` gives a u32
 * - `value`: `drow_value(at)` gives the four columns at a place; may be an elementwise expression of leaves, inlined
 * - `words`: `batch_words(member)` gives the place of the first word in `table`
 */
export type Access = 'rows' | 'index' | 'value' | 'words';

/** An operand: the letters (or the digit 1) of its rows and columns, and how the shader reaches it. */
export interface Operand {
  readonly dims: string;
  readonly access: Access;
  /** True: the shader tells `labels_flag(member, outside)` of an index that is no class; it flags a step that is watched. */
  readonly flagged?: boolean;
}

/** Sizes by letter. */
export type Dimensions = Readonly<Record<string, number>>;

/** The type of what a workgroup adds, and its lanes, where a shader calls `tree_sum`. */
export type Tree = { readonly lanes: number; readonly type: 'f32' | 'vec2f' };

/**
 * A handwritten kernel of one op, which the op brings: a script that does not use the op does not load it. It hands its result
 * to `store_y`.
 */
export interface OwnKernel {
  readonly name: string;
  /** Its text, from `shaders/kernels/`. */
  readonly wgsl: string;
  /** The op's inputs in their order, by the names that the text has for them. */
  readonly inputs: Readonly<Record<string, Operand>>;
  /** The letters of the result. */
  readonly y: string;
  readonly tree?: Tree;
  /** Files of `shaders/lib/` that the text calls. */
  readonly libraries?: readonly string[];
  /** Flags of the text's `#if`s and of its `const` header. */
  readonly constants?: Readonly<Record<string, number | boolean>>;
  /** Workgroups along x and y; z is the member. */
  grid(dimensions: Dimensions): readonly [x: number, y: number];
  /** Floating-point operations of one member. */
  flops(dimensions: Dimensions): number;
}
