import { describe, expect, test } from 'vitest';
import { runShader } from '../../src/gpu/probe.js';
import { OPS } from '../../src/ops/every-op.js';
import type { ElementwiseOp } from '../../src/ops/index.js';
import { referenceOf } from '../../src/reference/references.js';
import { sharedEngine } from '../gpu/stored.js';
import { caseOf } from './elementwise-cases.js';
import { Random } from './random.js';

const load = (files: Record<string, string>) =>
  new Map(Object.entries(files).map(([path, text]) => [path.replace(/^.*\/(.*)\.wgsl$/, '$1'), text]));
const shaders = load(import.meta.glob('/shaders/ops/*.wgsl', { query: '?raw', eager: true, import: 'default' }));
const library = load(import.meta.glob('/shaders/lib/philox.wgsl', { query: '?raw', eager: true, import: 'default' }));

const elementwise = OPS.filter((op): op is ElementwiseOp => op.kind === 'elementwise');
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

describe('shaders/ops', () => {
  test('has one file an elementwise op, and no other', () => {
    expect([...shaders.keys()].sort()).toEqual(elementwise.map((op) => kebab(op.name)).sort());
  });

  test.each(elementwise.map((op) => [op.name, op] as const))('%s is the one function of its file', (name, op) => {
    expect(op.wgsl).toBe(shaders.get(kebab(name)));
    const functions = [...op.wgsl.matchAll(/^fn (\w+)\((.*)\) -> vec4f \{$/gm)];
    expect(functions.map(([, found]) => found)).toEqual([name]);
    const words = op.words ? ['at: Place', 'source: u32'] : [];
    expect(functions[0][2].split(', ')).toEqual([...op.operands.map((operand) => `${operand}: vec4f`), ...words]);
    expect(caseOf(name).draw.length).toBe(op.operands.length);
  });
});

/** Rows and columns of a test tensor; wide enough that every word of a philox call is used. */
const [ROWS, COLS] = [64, 32];

const engine = await sharedEngine();

/** A shader that applies an op to four columns an invocation: operands one after another in x, the words in table. */
function shader(op: ElementwiseOp, operands: number, words: readonly number[]): string {
  const parameters = Array.from({ length: operands }, (_, i) => `x[id.x + ${(i * ROWS * COLS) / 4}u]`);
  if (op.words) parameters.push('at', '1u');
  return `
    struct Place { member: u32, row: u32, quad: u32, quads: u32 }
    @group(1) @binding(1) var<storage, read> x: array<vec4f>;
    @group(1) @binding(2) var<storage, read_write> y: array<vec4f>;
    var<private> table = array<u32, ${words.length + 1}>(${[0, ...words].map((word) => `${word}u`)});
    ${library.get('philox')}
    ${(op.helpers ?? []).join('\n')}
    ${op.wgsl}
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      let at = Place(table[0], id.x / ${COLS / 4}u, id.x % ${COLS / 4}u, ${COLS / 4}u);
      y[id.x] = ${op.name}(${parameters.join(', ')});
    }`;
}

describe.each(elementwise.map((op) => [op.name, op] as const))('%s on the GPU', (name, op) => {
  const { draw, words = [] } = caseOf(name);
  const size = ROWS * COLS;

  /** Every element's inputs and place, and what the GPU makes of them; `change` may spoil the operands. */
  async function compute(change?: (x: Float32Array) => void) {
    const random = new Random(name.length + 100);
    const x = Float32Array.from(
      { length: size * Math.max(1, draw.length) },
      (_, i) => draw[Math.floor(i / size)]?.(random) ?? 0,
    );
    change?.(x);
    const wgsl = shader(op, draw.length, words);
    const y = await runShader(engine, { label: name, wgsl, lanes: size / 4, numbers: x, resultBytes: size * 4 });
    return Array.from(new Float32Array(y), (got, i) => {
      const at = { row: Math.floor(i / COLS), col: i % COLS, cols: COLS, words };
      const inputs = draw.map((_, operand) => x[operand * size + i]);
      return { got, inputs, at, value: referenceOf(op).value(inputs, at) };
    });
  }

  test('is within its bound', async () => {
    for (const { got, inputs, at, value } of await compute()) {
      const bound = referenceOf(op).error(inputs, new Float64Array(inputs.length), value, at);
      if (!(Math.abs(got - value) <= bound)) expect.fail(`${name}(${inputs}) is ${got}, not ${value} ± ${bound}`);
    }
  });

  test.each(draw.map((_, operand) => operand))(
    'shows a NaN in operand %i where the reference does',
    async (operand) => {
      const elements = await compute((x) => x.fill(Number.NaN, operand * size, (operand + 1) * size));
      for (const { got, inputs, value } of elements) {
        if (Number.isNaN(value) && Number.isFinite(got)) expect.fail(`${name}(${inputs}) is ${got}`);
      }
    },
  );
});
