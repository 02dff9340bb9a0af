import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { placeOf, replaceFile, tryFolder } from '../../src/cli/replace-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgrad-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const isWindows = process.platform === 'win32';

test('a new file and one that is replaced: text and bytes, and nothing else is left', async () => {
  await replaceFile(at('a'), 'old and long');
  await replaceFile(at('a'), Uint8Array.of(1, 2));
  await replaceFile(at('b'), '');
  expect([...(await readFile(at('a')))]).toEqual([1, 2]);
  expect(await readFile(at('b'), 'utf8')).toBe('');
  expect((await readdir(folder)).sort()).toEqual(['a', 'b']);
});

test.skipIf(isWindows).each([0o600, 0o644, 0o755, 0o444])('the mode %o of a file stays', async (mode) => {
  await writeFile(at('a'), 'old');
  await chmod(at('a'), mode);
  await replaceFile(at('a'), 'new');
  expect((await stat(at('a'))).mode & 0o777).toBe(mode);
});

test.skipIf(isWindows)('a new file has the mode that the umask leaves', async () => {
  await writeFile(at('plain'), '');
  await replaceFile(at('new'), '');
  expect((await stat(at('new'))).mode).toBe((await stat(at('plain'))).mode);
});

test.skipIf(isWindows)('a symbolic link stays, and what it leads to is replaced, there or not', async () => {
  await writeFile(at('file'), 'old');
  await symlink('file', at('link'));
  await symlink(at('link'), at('chain'));
  await symlink('later', at('dangling'));
  await replaceFile(at('chain'), 'new');
  await replaceFile(at('dangling'), 'first');
  expect(await readFile(at('file'), 'utf8')).toBe('new');
  expect(await readFile(at('later'), 'utf8')).toBe('first');
  for (const name of ['link', 'chain', 'dangling']) expect((await lstat(at(name))).isSymbolicLink()).toBe(true);
  expect(await placeOf(at('chain'))).toMatchObject({ path: (await placeOf(at('file'))).path, isStream: false });
});

test.skipIf(isWindows)('links that lead in a circle are refused', async () => {
  await symlink('b', at('a'));
  await symlink('a', at('b'));
  await expect(replaceFile(at('a'), 'x')).rejects.toThrow(/^ELOOP/);
});

test.skipIf(isWindows)('a pipe and a device are written directly', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  const [read] = await Promise.all([readFile(at('pipe'), 'utf8'), replaceFile(at('pipe'), 'through')]);
  expect(read).toBe('through');
  expect((await lstat(at('pipe'))).isFIFO()).toBe(true);
  await replaceFile('/dev/null', 'gone');
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
  for (const name of ['/dev/stdout', '/dev/fd/1']) expect((await placeOf(name)).isStream).toBe(true);
});

test('what fails leaves the old file and no other', async () => {
  await writeFile(at('a'), 'old');
  await expect(replaceFile(at('a'), 5 as never)).rejects.toThrow();
  expect(await readFile(at('a'), 'utf8')).toBe('old');
  await expect(replaceFile(folder, 'x')).rejects.toThrow();
  expect(await readdir(folder)).toEqual(['a']);
});

test('a process that ends at once removes what it has begun', async () => {
  const before = process.listeners('exit');
  const failed = expect(replaceFile(at('a'), new Uint8Array(1e8))).rejects.toThrow(/^ENOENT/);
  while ((await readdir(folder)).length === 0) await setImmediate();
  for (const listener of process.listeners('exit')) if (!before.includes(listener)) listener(130);
  expect(await readdir(folder)).toEqual([]);
  await failed;
  expect(process.listeners('exit')).toEqual(before);
});

test('temporary files of processes that are no more are removed, and no others', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const name = (id: number, host = hostname()) => `.wgrad-${host}-${id}-0123456789ab.tmp`;
  const kept = [name(process.ppid), name(pid, 'elsewhere'), '.wgrad-mine.tmp', `${name(pid)}.txt`].sort();
  for (const each of [...kept, name(pid), name(process.pid)]) await writeFile(at(each), '');
  await tryFolder(folder);
  expect((await readdir(folder)).sort()).toEqual(kept);
});

test.runIf(existsSync('/sys/kernel'))('a folder that takes no files is told', async () => {
  await expect(tryFolder('/sys')).rejects.toThrow(/^E(ACCES|PERM|ROFS): /);
});
