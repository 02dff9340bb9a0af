import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../node/scratch-folder.js';
import { runNode } from '../node/wgrad.js';

/** What test/plugin/train.ts prints. */
interface Outcome {
  readonly gpu: readonly number[];
  readonly cpu: readonly number[];
  readonly verdicts: readonly string[];
  readonly checks: readonly string[];
}

const folder = await scratchFolder();
let outcome: Outcome;

// Outside of the repository, on the built package: what is not exported cannot be used.
beforeAll(async () => {
  if (!existsSync('dist/ops.js')) throw new Error('plugin.test: run npm run build first');
  await mkdir(join(folder, 'node_modules'));
  await symlink(resolve('.'), join(folder, 'node_modules/wgrad'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  for (const name of ['parts', 'train']) {
    const { outputText } = ts.transpileModule(await readFile(`test/plugin/${name}.ts`, 'utf8'), { compilerOptions });
    await writeFile(join(folder, `${name}.js`), outputText);
  }
  const { code, stdout, stderr } = await runNode(join(folder, 'train.js'));
  if (code !== 0) throw new Error(`train.ts ends with ${code}\n${stderr}`);
  outcome = JSON.parse(stdout);
});

test('trains on the GPU as on the reference', () => {
  const { gpu, cpu } = outcome;
  expect(gpu).toHaveLength(30);
  expect(gpu[29]).toBeLessThan(0.5 * gpu[0]);
  for (const [i, loss] of gpu.entries()) expect(loss).toBeCloseTo(cpu[i], 4);
});

test('is verified: the op, and the model with its parameters and penalty', () => {
  for (const verdict of outcome.verdicts) expect(verdict).toMatch(/^holds: /);
  expect(outcome.checks).toEqual(
    expect.arrayContaining(['gradient of softsign', 'dense0.w', 'layerNorm0.gain', 'layerNorm0.bias']),
  );
});
