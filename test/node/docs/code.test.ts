import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../scratch-folder.js';
import { EXAMPLES } from './examples.js';
import { type CodeBlock, codeBlocks, PAGES, textOf } from './markdown.js';

const run = promisify(execFile);

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

describe.each(blocks)('$page: $heading', (block) => {
  test('runs on the built package', async () => {
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(sourceOf(block), { compilerOptions: options });
    const script = join(folder, `${block.name}.mjs`);
    // A device keeps a Node process alive, as a window does a page.
    await writeFile(script, `${outputText}\nprocess.exit(0);\n`);
    const { stdout } = await run(process.execPath, [script]);
    for (const pattern of block.prints ?? []) expect(stdout).toMatch(pattern);
  });
});
