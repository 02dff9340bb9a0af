import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rooms that make up training, from ops to the trainer. */
export const TRAINING_ROOMS = ['ops', 'graph', 'nn', 'kernels', 'plan', 'gpu', 'train'].map((room) => `src/${room}/`);

/** Returns the texts of all files of `src` by their paths, such as `src/ops/tensor.ts`. */
export function sourceFiles(root: string): ReadonlyMap<string, string> {
  const paths = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.ts$/.test(path),
  );
  return new Map(paths.sort().map((path) => [`src/${path}`, readFileSync(join(root, 'src', path), 'utf8')]));
}

/** Returns the number of lines of texts together. */
export const linesOf = (...texts: readonly string[]) =>
  texts.reduce((sum, text) => sum + (text.match(/\n/g)?.length ?? 0), 0);

/**
 * Returns the files that a new activation touches: all that define or list softplus, one of the existing ones, as op, layer,
 * kind in a configuration, known name or choice of the command line. Its WGSL stands in `shaders`.
 */
export const activationFiles = (files: ReadonlyMap<string, string>) =>
  [...files].filter(([, text]) => DEFINES_SOFTPLUS.test(text)).map(([path]) => path);

const DEFINES_SOFTPLUS =
  /\bsoftplus(Op|Wgsl)\b|\b(function|const) softplus\b|'(?:[\w ]* )?softplus[ ']|^\s+softplus,$/m;
