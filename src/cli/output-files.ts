import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { describeError, EXIT } from './exit-code.js';
import { type Content, type Place, placeOf, replaceFile, tryFolder } from './replace-file.js';

/** Files by the option that names them. */
export type NamedFiles = Readonly<Record<string, string | undefined>>;

type Refuse = (message: string) => Error;

/**
 * Tries the places that a command will write to, before it begins.
 * @param inputs files that it reads, which no option may overwrite
 * @throws what `refuse` makes if a file cannot be written, or if two options name the same one
 */
export async function checkFiles(outputs: NamedFiles, refuse: Refuse, inputs: NamedFiles = {}): Promise<void> {
  const taken = new Map<string, string>();
  for (const [option, path] of Object.entries(inputs)) {
    const place = path === undefined ? undefined : await placeOf(path).catch(() => undefined);
    if (place) taken.set(place.path, option);
  }
  for (const [option, path] of Object.entries(outputs)) {
    if (path === undefined) continue;
    const place = await checkFile(option, path, refuse);
    if (place.isStream) continue;
    const other = taken.get(place.path);
    if (other !== undefined) throw refuse(`${other} and ${option} both name ${path}`);
    taken.set(place.path, option);
  }
}

/** Returns the place of a file. @throws what `refuse` makes if no file can be written there */
export async function checkFile(option: string, path: string, refuse: Refuse): Promise<Place> {
  const folder = await stat(dirname(resolve(path))).catch(() => undefined);
  if (!folder?.isDirectory()) throw refuse(`${option}: there is no directory ${dirname(path)}`);
  try {
    const place = await placeOf(path);
    if (place.stats?.isDirectory() || /[/\\]$/.test(path)) throw new Error('it is a directory');
    if (place.stats) await access(place.path, constants.W_OK);
    if (!place.isStream) await tryFolder(dirname(place.path));
    return place;
  } catch (error) {
    throw refuse(`${option}: cannot write ${path}: ${(error as Error).message}`);
  }
}

/** Writes the files of a command. One that cannot be written is told on stderr, and the others are written all the same. */
export class FileWriter {
  readonly #written = new Set<string>();
  readonly #failed = new Set<string>();

  /** The paths of the files that were written. */
  get written(): string[] {
    return [...this.#written];
  }

  /** Writes a file, if one is named. @param option for messages */
  async write(option: string, path: string | undefined, content: () => Content | Promise<Content>): Promise<void> {
    if (path === undefined) return;
    try {
      await replaceFile(path, await content());
      this.#written.add(path);
      this.#failed.delete(path);
    } catch (error) {
      const isTold = this.#failed.has(path); // a checkpoint may fail epoch after epoch
      this.#failed.add(path);
      if (isTold) return;
      console.error(`wgrad: ${option}: cannot write ${path}: ${describeError(error).replace(/^wgrad: /, '')}`);
    }
  }

  /** Returns the exit code of a command that would end with `code` if all files had been written. */
  exitCode(code: number): number {
    const isDone = code === EXIT.ok || code === EXIT.interrupted;
    return isDone && this.#failed.size > 0 ? EXIT.unwritten : code;
  }
}
