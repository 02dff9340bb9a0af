import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDataFile } from '../../src/cli/train/data.js';
import { scratchFolder } from './scratch-folder.js';

const scratch = await scratchFolder();

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(scratch, name);
  await writeFile(path, content);
  return path;
}

test.each([
  ['a.csv', 'a,b\n1,2\n'],
  ['b.TSV', 'a\tb\n1\t2\n'],
  ['c.csv', '\ufeffa,b\r\n1,2\r\n'],
])('loadDataFile reads %s', async (name, content) => {
  const path = await written(name, content);
  expect(await loadDataFile(path)).toMatchObject({ features: ['a'], target: 'b' });
  const { target, dataset } = await loadDataFile(path, 'a', { classes: true });
  expect([target, dataset.classes]).toEqual(['a', 2]);
});

test('loadDataFile refuses what is no text', async () => {
  const path = await written('d.csv', Uint8Array.of(0xff, 0xfe));
  await expect(loadDataFile(path)).rejects.toMatchObject({
    kind: 'format',
    message: `data file: ${path} is not UTF-8`,
  });
});

test('loadDataFile says why a file cannot be read', async () => {
  const path = join(scratch, 'nowhere.csv');
  const message = `data file: cannot read ${path}: ENOENT: no such file or directory, open '${path}'`;
  await expect(loadDataFile(path)).rejects.toMatchObject({ kind: 'format', message });
});
