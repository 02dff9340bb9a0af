import type { DeviceTraits, Variant } from '../kernels/kernel.js';
import type { ElementwiseOp, Tensor } from '../ops/tensor.js';
import { type Binding, Bindings, type Field } from './bindings.js';
import { computedBy, epilogueShape, type Group } from './cover.js';
import { Body, type ShaderContext } from './epilogue.js';
import { render } from './render.js';
import { KERNEL_SHADERS, LIBRARY_SHADERS, shader } from './shaders.js';

/**
 * Words before the members' scalars in a row of the step table: the step's slot of the ring; the steps of the window that it
 * ends, and those taken at its end.
 */
export const TABLE_HEADER = 4;

/** The final WGSL of a dispatch, with the buffers and numbers to bind. */
export interface WrittenShader {
  readonly wgsl: string;
  readonly bindings: readonly Binding[];
  readonly fields: readonly Field[];
}

/** Returns kernel, variant and riders of a group: 'matmul-nn direct + bias relu dropout'. */
export function title({ kernel, riders }: Group, variant: Variant): string {
  const riding = [...riders.values()].flat().map((tensor) => tensor.op.name);
  return `${kernel.name} ${variant.name}${riding.length ? ` + ${riding.join(' ')}` : ''}`;
}

/**
 * Writes the shader of one dispatch: bindings, accessors and epilogues around a handwritten kernel. Sizes, strides and
 * slots come from a uniform, so that layers of different sizes share a pipeline. Nothing here depends on the number of
 * members.
 */
export function writeShader(
  group: Group,
  variant: Variant,
  device: DeviceTraits,
  context: ShaderContext,
): WrittenShader {
  const { kernel, dimensions } = group;
  const bindings = new Bindings();
  const ops = new Map<string, ElementwiseOp>();
  const computed = new Set(computedBy(group));
  bindings.field('words', () => context.words());
  if (variant.tree) bindings.field('zero', 0);
  for (const [letter, size] of Object.entries(dimensions)) if (letter !== 't') bindings.field(letter, size);
  for (const name of Object.keys(kernel.inputs)) operand(name);
  const epilogues = Object.keys(kernel.outputs).map(epilogue);
  return { wgsl: assemble(), bindings: bindings.buffers, fields: bindings.fields };

  function operand(name: string): void {
    const { access } = kernel.inputs[name];
    const tensor = group.inputs.get(name);
    if (access === 'words') {
      const slot = bindings.field(bindings.unique(name), tensor ? context.slot(tensor) : 0);
      bindings.accessor(`${name}_words(member: u32) -> u32`, `words_at(member, ${slot})`);
    } else if (access === 'value') {
      const body = tensor && new Body(tensor, computed, ops, bindings, context);
      const value = tensor && body ? body.value(tensor, name) : 'vec4f(0)';
      bindings.accessors.push(
        [`fn ${name}_value(at: Place) -> vec4f {`, ...(body?.lines ?? []), `  return ${value};`, '}'].join('\n'),
      );
    } else {
      rowOperand(name, tensor, access);
    }
  }

  function rowOperand(name: string, tensor: Tensor | undefined, access: 'rows' | 'index'): void {
    if (!tensor) throw new Error(`plan: ${kernel.name} lacks its operand ${name}`);
    const view = context.view(tensor);
    const rows = bindings.view(view, name);
    if (rows !== name) bindings.accessor(`${name}_row(member: u32, row: u32) -> u32`, `${rows}_row(member, row)`);
    if (access === 'rows') bindings.accessor(`${name}_load(at: u32) -> vec4f`, bindings.load(view, 'at'));
    else
      bindings.accessor(`${name}_index(member: u32, row: u32) -> u32`, bindings.load(view, `${name}_row(member, row)`));
    if (kernel.inputs[name].flagged) bindings.accessors.push(labelFlag(name));
  }

  function labelFlag(name: string): string {
    const head = `fn ${name}_flag(member: u32, outside: bool)`;
    if (context.labelFlag === undefined) return `${head} {}`;
    bindings.flags(() => context.flagWords());
    const bit = bindings.field(`${name}_bit`, context.labelFlag);
    return `${head} {\n  if (outside) {\n    set_flag(member, ${bit});\n  }\n}`;
  }

  /** Writes the function to which the kernel hands an output: its riders, then the stores. */
  function epilogue(output: string): string {
    const root = group.outputs.get(output);
    const riders = group.riders.get(output) ?? [];
    const body = new Body(epilogueShape(group, output), computed, ops, bindings, context);
    if (root) body.bind(root, 'value');
    const stores: string[] = [];
    for (const tensor of root ? [root, ...riders] : riders) {
      const value = body.value(tensor, '');
      stores.push(...storesOf(tensor, value, output));
    }
    const handed = kernel.name === 'map' ? '' : `, value: ${root?.dtype === 'u32' ? 'u32' : 'vec4f'}`;
    const guarded = variant.subgroups && stores.length > 0;
    const guardedStores = guarded
      ? ['  if (at.quad < at.quads) {', ...stores.map((line) => `  ${line}`), '  }']
      : stores;
    return [`fn store_${output}(at: Place${handed}) {`, ...body.lines, ...guardedStores, '}'].join('\n');
  }

  function storesOf(tensor: Tensor, value: string, output: string): string[] {
    const letter = kernel.outputs[output][1];
    const cols = /\d/.test(letter) ? `${letter}u` : `dims.${letter}`;
    if (tensor.dtype !== 'u32') bindings.libraries.add('inside');
    const stored = tensor.dtype === 'u32' ? value : `inside(${value}, at.quad, ${cols})`;
    const name = tensor.op.kind === 'elementwise' ? `${tensor.op.name}_${output}` : output;
    const lines = context.stores(tensor).map((view) => {
      const rows = bindings.view(view, name);
      return `  ${bindings.target(view, `${rows}_row(at.member, at.row) + at.quad`)} = ${stored};`;
    });
    const bit = context.flag(tensor);
    if (bit === undefined) return lines;
    bindings.flags(() => context.flagWords());
    // The value as it is stored: in its pads, a division by a row of the operands is 0 / 0.
    return [...lines, `  flag(at.member, ${bindings.field(bindings.unique(`${name}_flag`), bit)}, ${stored});`];
  }

  function assemble(): string {
    const { texts = {} } = variant;
    const library = (name: string) => texts[name] ?? shader(LIBRARY_SHADERS, name);
    const called = [...ops.values()];
    const needed = [...(variant.libraries ?? []), ...called.flatMap(({ libraries = [] }) => libraries)];
    for (const name of needed) bindings.libraries.add(name);
    const kernelText = render(
      variant.shader,
      (texts[variant.shader] ?? shader(KERNEL_SHADERS, variant.shader)).trimEnd(),
      variant.constants(dimensions, device),
    );
    const libraries = [
      ...[...bindings.libraries].sort().map(library),
      ...(variant.tree ? [render('tree-sum', library('tree-sum'), variant.tree)] : []),
    ];
    const prelude = render('prelude', library('prelude'), {
      fields: bindings.fields.map(({ name }) => `  ${name}: u32,`).join('\n'),
      buffers: bindings.buffers.map(declaration).join('\n'),
      header: TABLE_HEADER,
    });
    const parts = [
      prelude,
      ...libraries,
      ...new Set(called.flatMap(({ helpers = [] }) => helpers)),
      ...called.map((op) => op.wgsl),
      ...bindings.accessors,
      ...epilogues,
      kernelText,
    ];
    const enabled = variant.subgroups ? 'enable subgroups;\n\n' : '';
    return `// ${title(group, variant)}\n\n${enabled}${parts.map((part) => part.trim()).join('\n\n')}\n`;
  }
}

/** Returns the declaration of the buffer at place `i` of a dispatch's bind group, whose place 0 is the uniform. */
function declaration({ name, storage, write }: Binding, i: number): string {
  const element = storage === 'flags' ? 'atomic<u32>' : storage.format === 'f32' ? 'vec4f' : 'u32';
  return `@group(1) @binding(${i + 1}) var<storage, ${write ? 'read_write' : 'read'}> ${name}: array<${element}>;`;
}
