import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A room, what a file of it imports, and whether that is refused. */
const cases: [room: string, what: string, refused: boolean][] = [
  ['src/errors', '../ops/arithmetic.js', true],
  ['src/promises', '../errors/engine-error.js', true],
  ['src/random', '../errors/engine-error.js', false],
  ['src/random', '../ops/arithmetic.js', true],
  ['src/ops', './arithmetic.js', false],
  ['src/ops', '../random/philox.js', false],
  ['src/ops', '../../shaders/ops/relu.wgsl?raw', false],
  ['src/ops', '../graph/gradient.js', true],
  ['src/ops', '../index.js', true],
  ['src/graph', '../ops/arithmetic.js', false],
  ['src/graph', '../nn/dense.js', true],
  ['src/graph', '../reference/interpret.js', true],
  ['src/ops', '../reference/rounding.js', true],
  ['src/reference', '../ops/tensor.js', false],
  ['src/reference', '../graph/live.js', false],
  ['src/reference', '../ops/activations.js', true],
  ['src/reference', '../plan/plan.js', true],
  ['src/nn', '../graph/gradient.js', false],
  ['src/nn', '../reference/interpret.js', true],
  ['src/nn', '../gpu/engine.js', true],
  ['src/kernels', '../ops/arithmetic.js', false],
  ['src/kernels', '../graph/gradient.js', true],
  ['src/plan', '../kernels/matmul.js', false],
  ['src/plan', 'wgsl-preprocessor/wgsl-preprocessor.js', false],
  ['src/plan', '../nn/dense.js', true],
  ['src/gpu', '../plan/render.js', false],
  ['src/gpu', '../reference/interpret.js', true],
  ['src/gpu', '../kernels/matmul.js', true],
  ['src/gpu', '../promises/make-once.js', false],
  ['src/gpu', '../debug/profiler.js', true],
  ['src/gpu', 'node:fs', true],
  ['src/debug', '../gpu/device.js', false],
  ['src/debug', '../reference/interpret.js', false],
  ['src/debug', '../train/trainer.js', true],
  ['src/data', '../random/permutation.js', false],
  ['src/data', '../train/trainer.js', true],
  ['src/train', '../data/dataset.js', false],
  ['src/train', '../gpu/engine.js', false],
  ['src/train', '../tune/search.js', true],
  ['src/tune', '../train/trainer.js', false],
  ['src/tune', '../verify/verify.js', true],
  ['src/verify', '../kernels/matmul.js', false],
  ['src/verify', '../tune/search.js', true],
  ['src/node', 'node:fs/promises', false],
  ['src/node', '../gpu/engine.js', true],
  ['src/cli', '../index.js', false],
  ['src/cli', 'node:fs/promises', false],
  ['src/cli', '../gpu/engine.js', true],
  ['src/cli/train', '../parse-options.js', false],
  ['src/cli/train', '../terminal/numbers.js', false],
  ['src/cli/train', '../../data/dataset.js', false],
  ['src/cli/train', '../../gpu/engine.js', true],
  ['src/cli/charts', '../terminal/numbers.js', false],
  ['src/cli/charts', '../../index.js', true],
  ['src', './train/trainer.js', false],
  ['src', './node/index.js', true],
  ['src/nn', 'lodash', true],
  ['demo', '../src/index.js', false],
  ['demo', '../src/gpu/engine.js', true],
];

let folder: string;
let report: string;

/** The planted file of a case: each imports one thing. */
const file = (index: number) => `${cases[index][0]}/case-${index}.ts`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wgrad-rules-'));
  copyFileSync('biome.json', join(folder, 'biome.json'));
  for (const [index, [, what]] of cases.entries()) {
    mkdirSync(dirname(join(folder, file(index))), { recursive: true });
    writeFileSync(join(folder, file(index)), `import '${what}';\n`);
  }
  const biome = [resolve('node_modules/@biomejs/biome/bin/biome'), 'lint', '--vcs-enabled=false'];
  const options = ['--only=style/noRestrictedImports', '--max-diagnostics=none', '--reporter=github', 'src', 'demo'];
  report = spawnSync(process.execPath, [...biome, ...options], { cwd: folder, encoding: 'utf8' }).stdout;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(cases.map((row, index) => [...row, index] as const))(
  '%s imports %s: refused is %s',
  (_, __, refused, index) => {
    const error = new RegExp(`::error title=lint/style/noRestrictedImports,file=[^,]*/${file(index)},`);
    expect(error.test(report)).toBe(refused);
  },
);

test('every room has a rule', () => {
  const { overrides } = JSON.parse(readFileSync('biome.json', 'utf8')) as { overrides: { includes: string[] }[] };
  const ruled = overrides.flatMap(({ includes }) => includes);
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => `src/${name}/**`).filter((room) => !ruled.includes(room))).toEqual([]);
});
