import { constantOp, scalarOp } from '../ops/leaves.js';
import type { Shape, Tensor } from '../ops/tensor.js';
import type { Bindings } from './bindings.js';
import type { ShaderContext } from './shader-context.js';

/** Names of the parameters of an op's WGSL function. */
function parametersOf(text: string, op: string): string[] {
  const list = text.match(new RegExp(`fn ${op}\\(([^)]*)\\)`))?.[1] ?? '';
  return list.split(',').map((parameter) => parameter.split(':')[0].trim());
}

/** A number as a WGSL f32 literal. */
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
  readonly #ops: Map<string, string>;
  readonly #seat: Shape;

  /**
   * `seat` is the shape over which the function runs, `computed` what may be computed in it, `ops` collects the WGSL of
   * the ops called.
   */
  constructor(
    seat: Shape,
    computed: ReadonlySet<Tensor>,
    ops: Map<string, string>,
    bindings: Bindings,
    context: ShaderContext,
  ) {
    this.#seat = seat;
    this.#computed = computed;
    this.#ops = ops;
    this.#bindings = bindings;
    this.#context = context;
  }

  /** Makes a name that is already there the value of `tensor`. */
  know(tensor: Tensor, name: string): void {
    this.#locals.set(tensor, name);
  }

  /** An expression for `tensor`; `wish` names its buffer or its word of the table, if it is the first to need it. */
  value(tensor: Tensor, wish: string): string {
    const known = this.#locals.get(tensor);
    if (known !== undefined) return known;
    if (tensor.op === constantOp) return `vec4f(${literal(Number(tensor.attributes.value))})`;
    const value = this.#fresh(tensor, wish);
    const name = `t${this.lines.length + 1}`;
    this.lines.push(`  let ${name} = ${value};`);
    this.#locals.set(tensor, name);
    return name;
  }

  #fresh(tensor: Tensor, wish: string): string {
    if (tensor.op === scalarOp) {
      const slot = this.#bindings.field(this.#bindings.unique(wish), this.#context.slot(tensor));
      return `vec4f(bitcast<f32>(table[words_at(at.member, ${slot})]))`;
    }
    if (this.#context.inlined(tensor) || this.#computed.has(tensor)) return this.#call(tensor);
    const view = this.#context.view(tensor);
    const name = this.#bindings.view(view, wish);
    const row = tensor.rows === 1 && this.#seat.rows !== 1 ? '0u' : 'at.row';
    const splat = tensor.cols === 1 && this.#seat.cols !== 1;
    const element = this.#bindings.load(view, `${name}_row(at.member, ${row})${splat ? '' : ' + at.quad'}`);
    return splat ? `vec4f(${element}.x)` : element;
  }

  #call({ op, inputs }: Tensor): string {
    if (op.kind !== 'elementwise') throw new Error(`plan: ${op.name} is not elementwise and cannot ride`);
    this.#ops.set(op.name, op.wgsl);
    const parameters = parametersOf(op.wgsl, op.name);
    const values = op.words ? inputs.slice(0, -1) : inputs;
    const given = values.map((input, i) => this.value(input, `${op.name}_${parameters[i]}`));
    if (op.words) {
      const slot = this.#context.slot(inputs[inputs.length - 1]);
      given.push(
        'at',
        `words_at(at.member, ${this.#bindings.field(this.#bindings.unique(`${op.name}_source`), slot)})`,
      );
    }
    return `${op.name}(${given.join(', ')})`;
  }
}
