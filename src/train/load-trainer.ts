import { checkNumber, checkOptions, show } from '../errors/arguments.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import type { CompileProgress, Engine } from '../graph/engine.js';
import { readAnnotations } from './annotations.js';
import { type Checkpoint, checkStates, readCheckpoint } from './checkpoint.js';
import { checkEngine, started } from './create-trainer.js';
import type { PartsOptions } from './own-parts.js';
import { Session } from './session.js';
import type { Trainer } from './trainer.js';
import { checkProgress, checkTrainerOptions, type TracedTraining, traceTraining } from './trainer-options.js';
import { trainingOf } from './training-from-config.js';

/** Options of `loadTrainer`. */
export interface LoadOptions extends PartsOptions {
  /** Bytes that a batch may need. Default: 2^30, or 2^16 times the bytes of the file's tensors if that is more. */
  memory?: number | undefined;
  /** As in `TrainerOptions`. */
  progress?: CompileProgress | undefined;
}

const WHERE = 'loadTrainer';

/** Refuses anything but the bytes of a file. @throws TypeError */
export function checkBytes(where: string, bytes: Uint8Array): void {
  if (bytes instanceof Uint8Array) return;
  throw new TypeError(`${where}: bytes must be a Uint8Array, got ${show(bytes)}`);
}

/**
 * Returns the trainer that `save` wrote, which goes on from there: on the same adapter bit for bit.
 * @param bytes a safetensors file of `save`
 * @throws EngineError of kind `format` naming what in the file is wrong
 */
export async function loadTrainer(engine: Engine, bytes: Uint8Array, options: LoadOptions = {}): Promise<Trainer> {
  checkEngine(WHERE, engine);
  checkBytes(WHERE, bytes);
  checkOptions(WHERE, options, ['memory', 'parts', 'progress']);
  const { memory, parts, progress } = options;
  checkProgress(WHERE, progress);
  if (memory !== undefined) checkNumber(WHERE, 'memory', memory, { min: 1 });
  const checkpoint = readCheckpoint(WHERE, bytes);
  const { seed, shuffleSeed } = checkpoint;
  const { model, options: saved } = trainingOf(WHERE, checkpoint.config, parts);
  const checked = asFormatError(() => checkTrainerOptions(WHERE, model, { ...saved, seed, shuffleSeed, progress }));
  const traced = traceTraining(WHERE, model, checked);
  checkStates(WHERE, checkpoint, traced.model.states, traced.model.hyperTable);
  const annotations = readAnnotations(WHERE, checkpoint.entries, { ...checked, outputs: traced.outputs });
  refuseBatch(traced, checkpoint, memory);
  const { key, shuffleKey } = checked;
  const members = [{ seed, key, shuffleSeed, shuffleKey, hyper: checkpoint.hyper }];
  const session = await Session.create(engine, traced, checked, { members });
  const { steps, position, states } = checkpoint;
  return started(session, () => session.setStates(0, states), { steps, position, annotations });
}

const [LEAST_MEMORY, MEMORY_SHARE] = [2 ** 30, 2 ** 16];

/**
 * Refuses a batch that needs more memory than a file of this size makes likely: its rows are but a number in the file, while
 * the file's own tensors vouch for all widths. @throws EngineError of kind `format`
 */
function refuseBatch({ model, x, y }: TracedTraining, { states }: Checkpoint, memory: number | undefined): void {
  const stored = [...states.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  const allowed = memory ?? Math.max(LEAST_MEMORY, MEMORY_SHARE * stored);
  // Inputs and targets, and the output of every layer with its gradient.
  const widths = new Map(model.parameters.map(({ layer, tensor }) => [layer, 2 * tensor.cols]));
  const needed = 4 * x.rows * [...widths.values()].reduce((sum, width) => sum + width, x.cols + y.cols);
  if (needed <= allowed) return;
  throw new EngineError(
    'format',
    `loadTrainer: a batch of ${x.rows} rows needs ${needed} bytes, and a file of this size may ask for ${allowed}; if it is right, set memory higher`,
  );
}
