import { readFile } from 'node:fs/promises';
import type { OptionValues } from './parse-options.js';
import { placeOf } from './replace-file.js';

/** The options by which a command saves how far it is, and goes on from there. */
export interface CheckpointGiven {
  readonly checkpoint?: string;
  readonly every?: string;
  readonly resume?: true;
}

/** A file that a command saves itself to. */
export interface CheckpointFile {
  readonly path: string | undefined;
  /** Epochs from one checkpoint to the next. */
  readonly every: number;
  /** The content to go on from; undefined at the start. */
  readonly saved: Uint8Array | undefined;
}

/**
 * Returns the checkpoint that the options name.
 * @throws UsageError if the options do not fit together, or if the file is there and is not to be resumed from: a start
 * would overwrite it
 */
export async function openCheckpoint(
  { checkpoint: path, every, resume }: CheckpointGiven,
  { refuse, number }: OptionValues,
): Promise<CheckpointFile> {
  if (path === undefined) {
    if (every !== undefined) throw refuse('--every is for --checkpoint');
    if (resume) throw refuse('--resume goes on from the file of --checkpoint, and there is none');
    return { path, every: 1, saved: undefined };
  }
  const epochs = number('--every', every, { min: 1, integer: true }) ?? 1;
  const { stats, isStream } = await placeOf(path);
  if (isStream) throw refuse(`--checkpoint: ${path} is no regular file`);
  if (!stats) return { path, every: epochs, saved: undefined };
  if (!resume) throw refuse(`--checkpoint: ${path} is there already; add --resume to go on from it, or remove it`);
  const saved = await readFile(path).catch((error: Error) => {
    throw refuse(`--resume: cannot read ${path}: ${error.message}`);
  });
  return { path, every: epochs, saved: new Uint8Array(saved) };
}
