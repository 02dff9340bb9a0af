import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { codeBlocks } from '../node/docs/markdown.js';
import { scratchFolder } from '../node/scratch-folder.js';

beforeAll(() => {
  if (!existsSync('dist/cli.js')) throw new Error('local.test: run npm run build first');
});

const scratch = await scratchFolder();

const tableOf = async (path: string) => {
  const rows = (await readFile(path, 'utf8')).split('\r\n').map((row) => row.split(','));
  const clock = rows[0].indexOf('seconds');
  return rows.map((row) => row.filter((_, column) => column !== clock));
};

/** Runs a line of the command line with a folder of its own for temporary files. */
const wgrad = (line: string) =>
  promisify(execFile)(process.execPath, ['dist/cli.js', ...line.split(' ').filter(Boolean)], {
    env: { ...process.env, TMPDIR: scratch },
  });

test('the command of the guide finds the table of one process, and leaves nothing', async () => {
  const [, line] = codeBlocks('docs/guides/fleet.md', 'sh')[0].code.match(/npm run tune -- (.*)/) ?? [];
  await chmod(scratch, 0o755); // Postgres runs as another user if this is root
  const files = (name: string) =>
    ['csv', 'html'].map((kind) => `--${kind} ${join(scratch, `${name}.${kind}`)}`).join(' ');
  const fleet = await wgrad(`tune ${line} ${files('fleet')}`);
  expect(fleet.stderr).toBe('');
  await wgrad(`tune ${line.replace(/--workers \S+/, '')} ${files('alone')}`);
  expect(await tableOf(join(scratch, 'fleet.csv'))).toEqual(await tableOf(join(scratch, 'alone.csv')));
  expect(fleet.stdout).toMatch(/^Worker 2, \S+:\d+ on .*, takes part\.$/m);
  expect(fleet.stdout).toMatch(/ 2 workers, \d+ jobs a minute, 0 left$/m);
  const page = await readFile(join(scratch, 'fleet.html'), 'utf8');
  expect(page).toMatch(/<h2>Workers<\/h2>/);
  expect(page).toContain('worker 2');
  expect((await readdir(scratch)).filter((name) => name.startsWith('wgrad-postgres-'))).toEqual([]);
});
