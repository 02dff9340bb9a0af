import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../scratch-folder.js';
import { runNode } from '../wgrad.js';
import { EXAMPLES } from './examples.js';
import { type CodeBlock, codeBlocks, PAGES, textOf } from './markdown.js';

/** A line before the output of each block. */
const END = '-- the next block --';

const blocks = PAGES.flatMap((page) => codeBlocks(page, 'ts')).map((block, i) => ({
  ...block,
  ...EXAMPLES[block.page]?.[block.heading],
  name: `block-${i}`,
}));

const folder = await scratchFolder();

/** The block as a file of its own. */
const sourceOf = ({ code, given = '' }: CodeBlock & { given?: string }) => `${given}\n${code}\nexport {};\n`;

beforeAll(async () => {
  if (!existsSync('dist/index.d.ts')) throw new Error('docs/code.test: run npm run build first');
  await mkdir(join(folder, 'node_modules'));
  await symlink(resolve('.'), join(folder, 'node_modules/wgrad'));
  await symlink(resolve('node_modules/onnxruntime-web'), join(folder, 'node_modules/onnxruntime-web'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  for (const block of blocks) await writeFile(join(folder, `${block.name}.ts`), sourceOf(block));
});

test('every block of TypeScript is run', () => {
  const found = blocks.map(({ page, heading }) => `${page}: ${heading}`);
  const expected = Object.entries(EXAMPLES).flatMap(([page, own]) =>
    Object.keys(own).map((heading) => `${page}: ${heading}`),
  );
  expect(found.sort()).toEqual(expected.sort());
  const fences = PAGES.flatMap((page) => textOf(page).match(/^ *```(ts|js|typescript|javascript|html)\b/gm) ?? []);
  expect(fences).toHaveLength(blocks.length);
});

test('a part of your own takes 25 lines at most, its use included', () => {
  const lengths = codeBlocks('docs/extend.md', 'ts').map(({ code }) => code.trim().split('\n').length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(25);
});

test('every block type-checks', () => {
  const files = blocks.map(({ name }) => join(folder, `${name}.ts`));
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

describe('on the built package', () => {
  /** Each block's output, one after another in a process of their own, on devices that they share: nothing is loaded twice. */
  let outputs: readonly string[];
  beforeAll(async () => {
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    for (const block of blocks) {
      const { outputText } = ts.transpileModule(sourceOf(block), { compilerOptions });
      await writeFile(join(folder, `${block.name}.mjs`), outputText);
    }
    const sharing = ts.transpileModule(textOf('test/node/share-devices.ts'), { compilerOptions }).outputText;
    await writeFile(join(folder, 'share-devices.mjs'), sharing);
    const share =
      "await (await import('wgrad/node')).nodeGpu();\n(await import('./share-devices.mjs')).shareDevices();\n";
    const runs = blocks.map(({ name }) => `console.log('${END}');\nawait import('./${name}.mjs');\n`);
    // A device keeps a Node process alive, as a window does a page.
    await writeFile(join(folder, 'all.mjs'), `${share}${runs.join('')}process.exit(0);\n`);
    const { code, stdout, stderr } = await runNode(join(folder, 'all.mjs'));
    outputs = stdout.split(END).slice(1);
    const { page, heading } = blocks[outputs.length - 1];
    if (code !== 0) throw new Error(`${page}: ${heading} ends with ${code}\n${stderr}`);
  });

  test.each(blocks.map((block, i) => [block.page, block.heading, i] as const))('%s: %s', (_page, _heading, i) => {
    for (const pattern of blocks[i].prints ?? []) expect(outputs[i]).toMatch(pattern);
  });
});
