import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';
import { bundlePage, TRAINER_PAGE } from '../budgets/page-bytes.js';
import { installPackage } from './install-package.js';
import { scratchFolder } from './scratch-folder.js';

const run = promisify(execFile);
const modules = resolve('node_modules');
const folder = await scratchFolder();

const consumer = `import { EngineError, type EngineErrorKind, type FitOptions, type Trainer } from 'wgrad';
import { nodeGpu } from 'wgrad/node';
import { type Search, search } from 'wgrad/tune';
import { type Report, verify } from 'wgrad/verify';

export const find = (...given: Parameters<typeof search>): Search => search(...given);
export const check = (trainer: Trainer): Promise<Report> => verify(trainer);

export const from = (signal: AbortSignal | undefined): FitOptions => ({ epochs: 1, signal });

const kind: EngineErrorKind = 'unsupported';
// The package webgpu is not installed here, and the sentence must say so.
nodeGpu().then(
  (gpu: GPU) => console.log(gpu),
  (error: unknown) => {
    if (!(error instanceof EngineError) || error.kind !== kind) throw error;
    console.log(error.message);
  },
);
`;

beforeAll(async () => {
  await installPackage(folder);
  await writeFile(join(folder, 'main.ts'), consumer);
});

test('installs nothing but itself and the types of WebGPU', async () => {
  const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  const installed = Object.keys(packages).filter((path) => path !== '');
  expect(installed).toEqual(['node_modules/@webgpu/types', 'node_modules/wgrad']);
});

test.each([
  ['typescript', false],
  ['typescript-7', true], // its own DOM library declares WebGPU too, and differs in details
])('type-checks in a project that uses %s', async (compiler, skipLibCheck) => {
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    module: 'nodenext',
    target: 'es2023',
    types: [],
    skipLibCheck,
  };
  const project = join(folder, `tsconfig.${compiler}.json`);
  await writeFile(project, JSON.stringify({ compilerOptions: options, files: ['main.ts'] }));
  const tsc = join(modules, compiler, 'bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', project]).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('runs in Node, and says that the optional package is missing', async () => {
  const script = join(folder, 'main.js');
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };
  await writeFile(script, ts.transpileModule(consumer, { compilerOptions }).outputText);
  const { stdout } = await run(process.execPath, [script]);
  expect(stdout).toBe('wgrad/node: the package webgpu is not installed; run npm install webgpu\n');
});

test('is bundled by Vite without a plugin, and what is not used is left out', async () => {
  const page = await bundlePage(
    join(folder, 'page'),
    "import { EngineError } from 'wgrad';\nconsole.log(EngineError.name);\n",
  );
  const text = [...page.initial, ...page.onDemand.values()].join('');
  expect(text).toContain('EngineError');
  expect(text).not.toContain('@compute');
});

test('a page that trains loads nothing of what it does not use', async () => {
  const { initial, onDemand } = await bundlePage(join(folder, 'trainer'), TRAINER_PAGE);
  const text = initial.join('');
  expect(text).toContain('fn relu(');
  expect(text).not.toContain('fn tanh('); // another op
  expect(text).not.toContain('meanSquaredError'); // another loss
  expect(text).not.toContain('safetensors'); // saving
  expect(text).not.toContain('there is no reference of it'); // float64
  const products = { gpu: onDemand.get('gpu-products'), software: onDemand.get('software-products') };
  expect(text).not.toContain('matmul-tiled'); // products, which come by the class of the device
  expect(products.gpu).toContain('matmul-tiled');
  expect(products.gpu).not.toContain('matmul-thin');
  expect(products.software).toContain('matmul-thin');
  expect(products.software).not.toContain('matmul-tiled');
});

test('the single file exports what the entries export together', async () => {
  const installed = join(folder, 'node_modules/wgrad');
  const { unpkg, jsdelivr } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  expect(jsdelivr).toBe(unpkg);
  const namesOf = async (file: string) => Object.keys(await import(pathToFileURL(join(installed, file)).href));
  const entries = await Promise.all(['index', 'tune', 'verify'].map((name) => namesOf(`dist/${name}.js`)));
  expect(await namesOf(unpkg)).toEqual([...entries.flat(), 'ops'].sort());
});
