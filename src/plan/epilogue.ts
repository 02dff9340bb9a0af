import { constantOp, type ElementwiseOp, type Shape, scalarOp, type Tensor } from '../ops/index.js';
import type { Bindings } from './bindings.js';
import type { View } from './layout.js';

/** The rest of the plan, as the writer of one shader needs it. */
export interface ShaderContext {
  /** Returns the place of a tensor that is read from memory. */
  view(tensor: Tensor): View;
  /** True if its readers recompute the tensor inline. */
  inlined(tensor: Tensor): boolean;
  /** Returns the places to store a result in: its own, and those of the states it replaces. */
  stores(tensor: Tensor): readonly View[];
  /** Returns the first word of a scalar leaf in a member's part of the step table. */
  slot(scalar: Tensor): number;
  /** Returns the words of a member's part of the step table. */
  words(): number;
  /** Returns the bit that a result sets when it is not finite; undefined if it is not watched. */
  flag(tensor: Tensor): number | undefined;
  /** The bit that a label sets when it is no class; undefined if steps are not watched. */
  readonly labelFlag: number | undefined;
  /** Returns the words of flags of one member and one slot. */
  flagWords(): number;
}

/** Returns a number as a WGSL f32 literal. */
function literal(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? `${text}f` : `${text}.0`;
}

/** Writes the body of one function that works on four columns at the place `at`, as a list of calls. */
export class Body {
  readonly lines: string[] = [];
  readonly #locals = new Map<Tensor, string>();
  readonly #bindings: Bindings;
  readonly #context: ShaderContext;
  readonly #computed: ReadonlySet<Tensor>;
  readonly #ops: Map<string, ElementwiseOp>;
  readonly #shape: Shape;

  /**
   * `shape` is that over which the function runs, `computed` what may be computed in it; `ops` collects the ops called, by
   * name.
   */
  constructor(
    shape: Shape,
    computed: ReadonlySet<Tensor>,
    ops: Map<string, ElementwiseOp>,
    bindings: Bindings,
    context: ShaderContext,
  ) {
    this.#shape = shape;
    this.#computed = computed;
    this.#ops = ops;
    this.#bindings = bindings;
    this.#context = context;
  }

  /** Gives `tensor` a name of the function that already holds its value. */
  bind(tensor: Tensor, name: string): void {
    this.#locals.set(tensor, name);
  }

  /** Returns an expression for `tensor`; `preferred` names its buffer or its word of the table, if it is the first to need it. */
  value(tensor: Tensor, preferred: string): string {
    const known = this.#locals.get(tensor);
    if (known !== undefined) return known;
    if (tensor.op === constantOp) return `vec4f(${literal(Number(tensor.attributes.value))})`;
    const value = this.#fresh(tensor, preferred);
    const name = `t${this.lines.length + 1}`;
    this.lines.push(`  let ${name} = ${value};`);
    this.#locals.set(tensor, name);
    return name;
  }

  #fresh(tensor: Tensor, preferred: string): string {
    if (tensor.op === scalarOp) {
      const slot = this.#bindings.field(this.#bindings.unique(preferred), this.#context.slot(tensor));
      return `vec4f(bitcast<f32>(table[words_at(at.member, ${slot})]))`;
    }
    if (this.#context.inlined(tensor) || this.#computed.has(tensor)) return this.#call(tensor);
    const view = this.#context.view(tensor);
    const name = this.#bindings.view(view, preferred);
    const row = tensor.rows === 1 && this.#shape.rows !== 1 ? '0u' : 'at.row';
    const splat = tensor.cols === 1 && this.#shape.cols !== 1;
    const element = this.#bindings.load(view, `${name}_row(at.member, ${row})${splat ? '' : ' + at.quad'}`);
    return splat ? `vec4f(${element}.x)` : element;
  }

  #call({ op, inputs, rows, cols }: Tensor): string {
    if (op.kind !== 'elementwise') throw new Error(`plan: ${op.name} is not elementwise and cannot ride`);
    this.#ops.set(op.name, op);
    const values = op.words ? inputs.slice(0, -1) : inputs;
    const given = values.map((input, i) => this.value(input, `${op.name}_${op.operands[i]}`));
    if (!op.words) return `${op.name}(${given.join(', ')})`;
    const slot = this.#context.slot(inputs[inputs.length - 1]);
    const source = this.#bindings.field(this.#bindings.unique(`${op.name}_source`), slot);
    // The place in its own shape: inlined, it may be a row, a column or one element of the function's.
    const isRow = rows === 1 && this.#shape.rows !== 1;
    const isCol = cols === 1 && this.#shape.cols !== 1;
    const own = `Place(at.member, ${isRow ? '0u' : 'at.row'}, ${isCol ? '0u, 1u' : 'at.quad, at.quads'})`;
    given.push(isRow || isCol ? own : 'at', `words_at(at.member, ${source})`);
    const call = `${op.name}(${given.join(', ')})`;
    return isCol ? `vec4f(${call}.x)` : call;
  }
}
