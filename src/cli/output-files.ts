import { stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { refuse } from './train/config.js';
import type { TrainOptions } from './train/options.js';

/** The files that the results of a run go to, by option. */
export interface OutputFiles {
  readonly json?: string;
  readonly report?: string;
  readonly save?: string;
}

/**
 * Returns the files that the options name; the report lies beside the JSON unless they say otherwise.
 * @throws UsageError, before anything is trained, if one cannot be written there or two are the same
 */
export async function outputFiles({ json, report, save }: TrainOptions): Promise<OutputFiles> {
  const page = report ?? (json === undefined ? undefined : `${json.replace(/\.json$/i, '')}.html`);
  await checkFiles({ '--json': json, '--report': page, '--save': save }, refuse);
  return { json, report: page, save };
}

/** @throws what `refuse` makes if one of the files, by option, cannot be written or two are the same */
export async function checkFiles(
  files: Readonly<Record<string, string | undefined>>,
  refuse: (message: string) => Error,
): Promise<void> {
  const named = Object.entries(files).flatMap(([option, path]) => (path === undefined ? [] : [{ option, path }]));
  for (const [i, { option, path }] of named.entries()) {
    await checkFile(option, path, refuse);
    const same = named.slice(0, i).find((other) => resolve(other.path) === resolve(path));
    if (same) throw refuse(`${same.option} and ${option} both name ${path}`);
  }
}

/** @throws what `refuse` makes if no file can be written at `path` */
export async function checkFile(option: string, path: string, refuse: (message: string) => Error): Promise<void> {
  const folder = await stat(dirname(resolve(path))).catch(() => undefined);
  if (!folder?.isDirectory()) throw refuse(`${option}: there is no directory ${dirname(path)}`);
  if ((await stat(path).catch(() => undefined))?.isDirectory()) throw refuse(`${option}: ${path} is a directory`);
}

/** A file to write, if one is named, and its content. */
export type Output = readonly [path: string | undefined, content: () => string | Uint8Array | Promise<Uint8Array>];

/** Writes the files that are named and returns their paths. */
export async function writeFiles(outputs: readonly Output[]): Promise<string[]> {
  const written: string[] = [];
  for (const [path, content] of outputs) {
    if (path === undefined) continue;
    await writeFile(path, await content());
    written.push(path);
  }
  return written;
}
