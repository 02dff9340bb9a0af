import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { expect, test } from 'vitest';
import { installPackage } from './install-package.js';
import { scratchFolder } from './scratch-folder.js';

test('publint and attw find nothing', async () => {
  const folder = await scratchFolder();
  const tarball = await installPackage(folder);
  const { messages } = await publint({ pkgDir: join(folder, 'node_modules/wgrad'), strict: true });
  expect(messages).toEqual([]);
  const attw = resolve('node_modules/@arethetypeswrong/cli/dist/index.js');
  await promisify(execFile)(process.execPath, [attw, tarball, '--profile', 'esm-only', '--no-color']); // rejects with what it found
});
