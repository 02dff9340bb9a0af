import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { scratchFolder } from './scratch-folder.js';

/** Imports that are allowed in a file of a room, and some that are refused. */
const RULES: Readonly<Record<string, readonly [allowed: readonly string[], refused: readonly string[]]>> = {
  'src/errors': [[], ['../ops/arithmetic.js']],
  'src/promises': [[], ['../errors/engine-error.js']],
  'src/random': [['../errors/engine-error.js'], ['../ops/arithmetic.js']],
  'src/ops': [
    ['./arithmetic.js', '../random/philox.js', '../../shaders/ops/relu.wgsl?raw'],
    ['../graph/gradient.js', '../index.js', '../reference/rounding.js'],
  ],
  'src/graph': [['../ops/arithmetic.js'], ['../nn/dense.js', '../reference/interpret.js']],
  'src/reference': [
    ['../ops/tensor.js', '../graph/live.js'],
    ['../ops/activations.js', '../plan/plan.js'],
  ],
  'src/nn': [['../graph/gradient.js'], ['../reference/interpret.js', '../gpu/engine.js', 'lodash']],
  'src/kernels': [['../ops/arithmetic.js'], ['../graph/gradient.js', '../random/philox.js']],
  'src/plan': [['../kernels/matmul.js', 'wgsl-preprocessor/wgsl-preprocessor.js'], ['../nn/dense.js']],
  'src/gpu': [
    ['../plan/render.js', '../promises/make-once.js'],
    ['../reference/interpret.js', '../kernels/matmul.js', '../debug/profiler.js', '../random/philox.js', 'node:fs'],
  ],
  'src/debug': [['../gpu/device.js', '../reference/interpret.js'], ['../train/trainer.js']],
  'src/data': [['../random/permutation.js'], ['../train/trainer.js']],
  'src/metrics': [['../errors/arguments.js'], ['../data/dataset.js']],
  'src/train': [['../data/dataset.js', '../gpu/engine.js', '../table/preparation.js'], ['../tune/search.js']],
  'src/onnx': [
    ['../train/checkpoint.js', '@bufbuild/protobuf/wire'],
    ['../gpu/engine.js', 'onnxruntime-web'],
  ],
  'src/tune': [['../train/trainer.js'], ['../verify/verify.js']],
  'src/verify': [['../kernels/matmul.js'], ['../tune/search.js']],
  'src/fleet': [
    ['../tune/search.js', 'pg-boss', 'node:crypto'],
    ['../cli/run.js', '../gpu/engine.js', '../train/trainer.js'],
  ],
  'src/node': [['node:fs/promises'], ['../gpu/engine.js']],
  'src/cli': [['../index.js', 'node:fs/promises'], ['../gpu/engine.js']],
  'src/cli/train': [
    ['../parse-options.js', '../terminal/numbers.js', '../../data/dataset.js'],
    ['../../gpu/engine.js'],
  ],
  'src/cli/charts': [['../terminal/numbers.js'], ['../../index.js']],
  src: [['./train/trainer.js'], ['./node/index.js']],
  demo: [['../src/index.js'], ['../src/gpu/engine.js']],
};

const cases = Object.entries(RULES).flatMap(([room, lists]) =>
  lists.flatMap((list, refused) => list.map((what) => [room, what, refused === 1] as const)),
);

const folder = await scratchFolder();
let report: string;

/** The planted file of a case: each imports one thing. */
const file = (index: number) => `${cases[index][0]}/case-${index}.ts`;

beforeAll(() => {
  copyFileSync('biome.json', join(folder, 'biome.json'));
  for (const [index, [, what]] of cases.entries()) {
    mkdirSync(dirname(join(folder, file(index))), { recursive: true });
    writeFileSync(join(folder, file(index)), `import '${what}';\n`);
  }
  const biome = [resolve('node_modules/@biomejs/biome/bin/biome'), 'lint', '--vcs-enabled=false'];
  const options = ['--only=style/noRestrictedImports', '--max-diagnostics=none', '--reporter=github', 'src', 'demo'];
  report = spawnSync(process.execPath, [...biome, ...options], { cwd: folder, encoding: 'utf8' }).stdout;
});

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
