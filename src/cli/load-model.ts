import { readFile } from 'node:fs/promises';
import { EngineError } from '../errors/engine-error.js';
import { type Engine, loadModel, type TrainedModel } from '../index.js';
import type { OptionValues } from './parse-options.js';

/** Returns the content of the file that `--load` names. @throws UsageError if there is none, or it cannot be read */
export async function readModelFile(path: string | undefined, { refuse }: OptionValues): Promise<Uint8Array> {
  if (path === undefined) throw refuse('--load FILE names the model, and it is missing');
  if (/\.onnx$/i.test(path)) throw refuse(`--load: ${path} is an ONNX file, and --load takes a file of --save`);
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw refuse(
      error.code === 'ENOENT' ? `--load: there is no ${path}` : `--load: ${path} cannot be read (${error.code})`,
    );
  });
}

/** Returns the model in a file. @throws EngineError of kind `format` naming the file */
export async function openModel(engine: Engine, path: string | undefined, bytes: Uint8Array): Promise<TrainedModel> {
  return loadModel(engine, bytes).catch((error: unknown) => {
    if (!(error instanceof EngineError) || error.kind !== 'format') throw error;
    throw new EngineError('format', `--load: ${path}: ${error.message.replace(/^loadModel: /, '')}`, { cause: error });
  });
}
