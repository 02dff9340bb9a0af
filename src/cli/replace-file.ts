import { randomBytes } from 'node:crypto';
import { rmSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readdir, readlink, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

export type Content = string | Uint8Array;

/** The place that a path leads to, through symbolic links. */
export interface Place {
  readonly path: string;
  /** Undefined if nothing is there yet. */
  readonly stats: Stats | undefined;
  /** True for a pipe, a device or a descriptor of this process, whose content cannot be replaced. */
  readonly isStream: boolean;
}

/** The descriptors of a process, to which /dev/stdout and the like lead. */
const DESCRIPTOR = /^(?:\/proc\/\d+|\/dev)\/fd\/(\d+)$/;
/** As many as Linux follows. */
const MOST_LINKS = 40;

/** Returns the place that a path leads to. @throws the error of the file system, such as a folder that is not there */
export async function placeOf(path: string): Promise<Place> {
  let at = resolve(path);
  for (let links = 0; links <= MOST_LINKS; links++) {
    at = join(await realpath(dirname(at)), basename(at));
    if (DESCRIPTOR.test(at)) return { path: at, stats: undefined, isStream: true };
    const stats = await lstat(at).catch(undefinedIfMissing);
    if (!stats?.isSymbolicLink()) {
      return { path: at, stats, isStream: stats !== undefined && !stats.isFile() && !stats.isDirectory() };
    }
    at = resolve(dirname(at), await readlink(at));
  }
  throw new Error(`ELOOP: too many symbolic links, open '${path}'`);
}

/**
 * Writes a file so that whatever happens leaves the old content or the new one, whole: into a temporary file beside it
 * that is synced and then renamed. Mode and owner of an existing file stay; through a symbolic link its target is
 * replaced. A pipe or a device is written directly.
 * @throws the error of the file system; the file is then as it was, and the temporary one is gone
 */
export async function replaceFile(path: string, content: Content): Promise<void> {
  const { path: target, stats, isStream } = await placeOf(path);
  if (isStream) return writeStream(target, content);
  const temporary = temporaryIn(dirname(target));
  const remove = () => rmSync(temporary, { force: true });
  process.on('exit', remove); // a second Ctrl-C ends the process in the middle of this
  try {
    const file = await open(temporary, 'wx');
    try {
      if (stats) await likeBefore(file, stats);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.off('exit', remove);
  }
  await syncFolder(dirname(target));
}

/** Makes and removes a temporary file in a folder. @throws the error of the file system if that cannot be done */
export async function tryFolder(folder: string): Promise<void> {
  await removeStale(folder);
  const temporary = temporaryIn(folder);
  await (await open(temporary, 'wx')).close();
  await rm(temporary);
}

/** The name says who writes it, so that the next run finds what a killed one left. */
const OURS = `.wgrad-${hostname()}-`;

const temporaryIn = (folder: string) => join(folder, `${OURS}${process.pid}-${randomBytes(6).toString('hex')}.tmp`);

/** Removes the temporary files of processes of this machine that are no more. */
async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(OURS) || !name.endsWith('.tmp')) continue;
    if (!isAlive(Number.parseInt(name.slice(OURS.length), 10))) await rm(join(folder, name), { force: true });
  }
}

/** False for this process too: a container that starts again may give it the number that the killed one had. */
function isAlive(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function likeBefore(file: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  const now = await file.stat();
  // Only root may give files away; anyone else's copy belongs to its writer.
  if (now.uid !== uid || now.gid !== gid) await file.chown(uid, gid).catch(() => {});
  if (now.mode !== mode) await file.chmod(mode & 0o7777);
}

/** Makes a rename last. Platforms that cannot sync a folder, such as Windows, keep it anyway. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

/** Writes to a pipe or device; to the streams of this process in turn with its text. */
async function writeStream(path: string, content: Content): Promise<void> {
  const descriptor = Number(path.match(DESCRIPTOR)?.[1]);
  const stream = { 1: process.stdout, 2: process.stderr }[descriptor];
  if (!stream) return writeFile(path, content);
  return new Promise((done, fail) => {
    stream.write(content, (error) => (error ? fail(error) : done()));
  });
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
