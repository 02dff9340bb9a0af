import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../node/scratch-folder.js';
import { runNode } from '../node/wgrad.js';

/** The output of test/plugin/train.ts. */
interface Outcome {
  readonly gpu: readonly number[];
  readonly cpu: readonly number[];
  readonly verdicts: readonly string[];
  readonly checks: readonly string[];
  /** Norms of the weights into each unit of the first layer. */
  readonly norms: readonly number[];
  /** Files of the trainer, and of what was loaded from its file. */
  readonly files: readonly string[];
  readonly outputs: readonly (readonly number[])[];
  readonly samples: readonly (readonly (readonly number[])[])[];
  /** The error of loading without the parts. */
  readonly missing: string;
  readonly best: Readonly<Record<string, number>>;
  readonly hyper: Readonly<Record<string, number>>;
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
    expect.arrayContaining(['gradient of softsign', 'dense0.w', 'ownLayerNorm0.gain', 'ownLayerNorm0.bias']),
  );
});

test('keeps its constraint', () => {
  expect(Math.max(...outcome.norms)).toBeLessThanOrEqual(1.5 * (1 + 2 ** -20));
  expect(Math.max(...outcome.norms)).toBeGreaterThan(1.499);
});

test('is saved and loaded: trained on, predicting and sampling as before', () => {
  const { files, outputs, samples, missing } = outcome;
  expect(files[0].length).toBeGreaterThan(1000);
  for (const [saved, loaded] of [files, outputs, samples]) expect(loaded).toEqual(saved);
  expect(samples[0][0]).not.toEqual(samples[0][1]);
  expect(missing).toMatch(
    /layers\[1\]: kind must be one of .*, or be given as parts\.ownLayerNorm, got "ownLayerNorm"/,
  );
});

test('is searched, over the strengths that its parts declare', () => {
  const { best, hyper } = outcome;
  expect(Object.keys(best).sort()).toEqual(['clip', 'lasso', 'mostNorm', 'rate']);
  expect(best.lasso).toBeGreaterThan(1e-5);
  expect(best.lasso).toBeLessThan(1e-2);
  expect(hyper).toMatchObject({
    clip: best.clip,
    'dense0.lasso': best.lasso,
    'dense1.lasso': best.lasso,
    'dense0.mostNorm': best.mostNorm,
    'ownGaussianDropout0.rate': best.rate,
  });
});
