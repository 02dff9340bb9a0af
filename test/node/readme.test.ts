import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const text = (name: string) => readFileSync(name, 'utf8');

/** The blocks of TypeScript in the README, each right under its heading. */
const blocks = [...text('README.md').matchAll(/^### (.+)\n\n```ts\n([\s\S]*?)^```$/gm)].map(
  ([, heading, code]): [string, string] => [heading, code],
);

const GPU = `import { nodeGpu as openGpu } from 'wgrad/node';\nconst gpu = await openGpu();\n`;

/** Some data with ten classes. */
const DIGITS = `const digits = (rows: number, from: number) => {
    const x = Float32Array.from({ length: rows * 64 }, (_, i) => Math.sin((i + from) * (i + from)));
    return { x, y: Uint8Array.from({ length: rows }, (_, row) => (x[64 * row] > 0 ? 9 : 1)), features: 64, classes: 10 };
  };
  const { dataset: made } = await import('wgrad');
  const [train, validation] = [made(digits(96, 0)), made(digits(64, 9999))];\n`;

/** What the block under a heading takes as given, and what it prints. */
const SURROUNDINGS: Record<string, { given?: string; prints: RegExp[] }> = {
  'In a page': {
    given: `${GPU}Object.defineProperty(globalThis.navigator ?? (globalThis.navigator = {} as never), 'gpu', { value: gpu });
      const images = Uint8Array.from({ length: 192 * 784 }, (_, i) => (i * i) % 251);
      const labels = Uint8Array.from({ length: 192 }, (_, i) => i % 10);
      const pixels = new Float32Array(3 * 784).fill(0.5);
      const validation = (await import('wgrad')).dataset({ x: images, y: labels, features: 784 });`,
    prints: [/epoch: 3,/, /validationAccuracy: /],
  },
  'Find λ and p': {
    given: `${GPU}${DIGITS}`,
    prints: [/^27 [\d.]+$/m, /^3 [\d.]+$/m, /learningRate: [\d.]+/],
  },
  'Many networks at once': {
    given: `${GPU}${DIGITS}const engine = await (await import('wgrad')).createEngine({ gpu });\n`,
    prints: [/^\[ [\d.]+, [\d.]+, [\d.]+ \]$/m, /^3 \[ [\d.]+, [\d.]+, [\d.]+ \]$/m],
  },
  'Your own loop': {
    prints: [/^[\d.]+ [\d.]+$/m, /^RangeError: set: dropout must be a number in \[0, 1\), got 1$/m, /^false$/m],
  },
  'On your own device': {
    given: `${GPU}const adapter = await gpu.requestAdapter();
      if (!adapter) throw new Error('no adapter');
      const device = await adapter.requestDevice();
      const buffer = (size: number) => device.createBuffer({ size, usage: GPUBufferUsage.COPY_SRC });
      const [inputs, targets] = [buffer(32 * 4 * 4), buffer(32 * 4)];`,
    prints: [],
  },
  'In Node': { prints: [/\w+/] },
  'Check the GPU': {
    given: GPU,
    prints: [/^true holds: \d+ checks, /m, /^ {2}ok {3}matmul-nt direct /m, /^holds: \d checks/m],
  },
  'Tune the kernels': { given: GPU, prints: [/^autotune on .+ in [\d.]+ s$/m, /^ {2}matmul-nn m=16,k=64,n=32: /m] },
  'Save and go on': { prints: [/^51$/m, /^100$/m, /dense0\.w/] },
  'Look inside': { prints: [/^50 4 16 true$/m, /^{ flops: \d+, memory: \d+ }$/m, /^4 4$/m] },
};

let folder: string;

/** The block as a file of its own. */
const source = ([heading, code]: [string, string]) => `${SURROUNDINGS[heading].given ?? ''}\n${code}\nexport {};\n`;

beforeAll(async () => {
  if (!existsSync('dist/index.d.ts')) throw new Error('readme.test: run npm run build first');
  folder = await mkdtemp(join(tmpdir(), 'wgrad-readme-'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(resolve('.'), join(folder, 'node_modules/wgrad'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const [i, block] of blocks.entries()) await writeFile(join(folder, `block-${i}.ts`), source(block));
});

afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

test('every block of TypeScript is run', () => {
  expect(blocks.map(([heading]) => heading)).toEqual(Object.keys(SURROUNDINGS));
  expect(text('README.md').match(/^ *```ts/gm)).toHaveLength(blocks.length);
});

test('every block type-checks', () => {
  const files = blocks.map((_, i) => join(folder, `block-${i}.ts`));
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: [],
  });
  const messages = ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
    const where = file && start !== undefined ? file.text.slice(start, start + 40) : '';
    return `${ts.flattenDiagnosticMessageText(messageText, '\n')}: ${where}`;
  });
  expect(messages).toEqual([]);
});

describe.each(blocks)('%s', (heading, code) => {
  test('runs on the built package', { timeout: 120_000 }, async () => {
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(source([heading, code]), { compilerOptions: options });
    const script = join(folder, `${heading.replaceAll(' ', '-')}.mjs`);
    // A device keeps a Node process alive, as a window does a page.
    await writeFile(script, `${outputText}\nprocess.exit(0);\n`);
    const { stdout } = await run(process.execPath, [script]);
    for (const pattern of SURROUNDINGS[heading].prints) expect(stdout).toMatch(pattern);
  });
});

describe.each(['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md'])('%s', (name) => {
  test('links to what exists', () => {
    const targets = [...text(name).matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)];
    const missing = targets.filter(([, file, anchor]) => {
      const page = file || name;
      if (!existsSync(page)) return true;
      const headings = [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
        heading
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      return anchor !== undefined && !headings.includes(anchor.slice(1));
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });

  test('names files and scripts that exist', () => {
    const named = [...text(name).matchAll(/`((?:src|shaders|test|demo|\.ci)\/[\w./-]*)`/g)].map(([, path]) => path);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
    const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> };
    const called = [...text(name).matchAll(/npm run ([\w:]+)/g)].map(([, script]) => script);
    expect(called.filter((script) => !(script in scripts))).toEqual([]);
  });
});

test('the tables of the section on speed are the output of the benchmark', () => {
  const [, section] = text('README.md').match(/^## Speed\n([\s\S]*?)^## /m) ?? [];
  const rows = section.match(/^\|.*$/gm) ?? [];
  expect(rows.length).toBeGreaterThan(20);
  const output = text('docs/bench/results.md').split('\n');
  expect(rows.filter((row) => !output.includes(row))).toEqual([]);
});
