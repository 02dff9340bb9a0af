import { DuplicateKey, parseJson } from '../data/parse-json.js';
import { readSafetensors, writeSafetensors } from '../data/safetensors.js';
import { isInRange, show } from '../errors/arguments.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import { type Config, describe } from '../nn/described.js';
import { checkHyperParameter } from '../nn/hyper-parameters.js';
import type { Training } from '../nn/traced-model.js';
import type { Shape } from '../ops/tensor.js';
import { readSeed, type Seed } from '../random/seed.js';
import { type EpochTotals, MOST_COUNTED, type Position } from './member.js';
import type { CheckedOptions } from './trainer-options.js';

/** The contents of a file that `save` wrote. */
export interface Checkpoint {
  /** Model, loss, optimiser, regulariser and options as plain objects. */
  readonly config: Config;
  readonly seed: Seed;
  readonly shuffleSeed: Seed;
  readonly steps: number;
  readonly position: Position;
  readonly hyper: Readonly<Record<string, number>>;
  /** Parameters and optimiser states by name, tight. */
  readonly states: ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;
}

const FORMAT = 'wgrad checkpoint 1';

/** Returns the configuration of a training as plain objects, for `trainingFromConfig`. */
export function describeTraining(
  { model, loss, optimizer, regularizer }: Training,
  { input, batchSize }: CheckedOptions,
): Config {
  return {
    input,
    batchSize,
    layers: model.layers.map(describe),
    loss: describe(loss),
    optimizer: describe(optimizer),
    regularizer: regularizer && describe(regularizer),
  };
}

/** Writes a checkpoint as safetensors: states as tensors of their shapes, everything else in the metadata. */
export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { config, seed, shuffleSeed, steps, position, hyper, states } = checkpoint;
  const tensors = [...states].map(([name, state]) => ({ name, ...state }));
  return writeSafetensors(tensors, {
    format: FORMAT,
    config: JSON.stringify(config),
    seed: String(seed),
    shuffleSeed: String(shuffleSeed),
    step: String(steps),
    position: JSON.stringify({ ...position, measured: position.measured && ofMember(position.measured) }),
    hyperParameters: JSON.stringify(hyper),
  });
}

/** Reads what `writeCheckpoint` wrote. @throws EngineError of kind `format` naming what is missing or wrong */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new EngineError(
      'format',
      `loadTrainer: the file's format must be '${FORMAT}', got ${JSON.stringify(metadata.format)}`,
    );
  }
  const states = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const [name, { shape, data }] of tensors) {
    if (data instanceof Float32Array) states.set(name, { shape, data });
    else throw new EngineError('format', `loadTrainer: '${name}' must be F32, got U32`);
  }
  return {
    config: record(metadata, 'config') as Config,
    seed: readSeed('loadTrainer', "the metadata's seed", metadata.seed),
    shuffleSeed: readSeed('loadTrainer', "the metadata's shuffleSeed", metadata.shuffleSeed),
    steps: stepsFrom(metadata.step),
    position: positionFrom(record(metadata, 'position')),
    hyper: numbers(record(metadata, 'hyperParameters')),
    states,
  };
}

/**
 * Refuses a checkpoint whose states or hyper-parameters are not those of its model.
 * @throws EngineError of kind `format` naming what is missing, too much, misshapen, not finite or out of range
 */
export function checkStates(
  { states, hyper }: Checkpoint,
  wanted: readonly { readonly name: string; readonly tensor: Shape }[],
  knownHyper: Readonly<Record<string, number>>,
): void {
  const refuse = (message: string) => new EngineError('format', `loadTrainer: ${message}`);
  for (const { name, tensor } of wanted) {
    const { rows, cols } = tensor;
    const found = states.get(name);
    if (!found) throw refuse(`the file has no '${name}', which the model needs as [${rows}, ${cols}]`);
    if (found.shape.length !== 2 || found.shape[0] !== rows || found.shape[1] !== cols) {
      throw refuse(`'${name}' must have the shape [${rows}, ${cols}], got [${found.shape.join(', ')}]`);
    }
    const bad = found.data.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw refuse(`'${name}' holds ${found.data[bad]} at row ${Math.floor(bad / cols)}, column ${bad % cols}`);
  }
  const names = new Set(wanted.map(({ name }) => name));
  for (const name of states.keys()) if (!names.has(name)) throw refuse(`the model has no '${name}', but the file has`);
  for (const name of Object.keys(knownHyper)) {
    if (!Object.hasOwn(hyper, name)) throw refuse(`the metadata has no '${name}'`);
  }
  for (const [name, value] of Object.entries(hyper)) {
    if (!Object.hasOwn(knownHyper, name)) throw refuse(`the model has no '${name}', but the metadata has`);
    asFormatError(() => checkHyperParameter('loadTrainer', name, value));
  }
}

function record(metadata: Readonly<Record<string, string>>, key: string): Record<string, unknown> {
  let fault = `must be a JSON object, got ${JSON.stringify(metadata[key])}`;
  try {
    const value = parseJson(metadata[key]);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    if (cause instanceof DuplicateKey) fault = `has two entries '${cause.key}'`;
  }
  throw new EngineError('format', `loadTrainer: the metadata's ${key} ${fault}`);
}

function stepsFrom(text: string | undefined): number {
  return count(text !== undefined && /^\d+$/.test(text) ? Number(text) : text, 'step', MOST_COUNTED);
}

function count(value: unknown, name: string, max = Number.MAX_SAFE_INTEGER): number {
  if (isInRange(value, { min: 0, max, integer: true })) return value;
  const range = max === MOST_COUNTED ? 'in [0, 2^32)' : '>= 0';
  throw new EngineError(
    'format',
    `loadTrainer: the metadata's ${name} must be an integer ${range}, got ${show(value)}`,
  );
}

/** Returns the sums of one member as plain numbers. */
function ofMember({ steps, loss, correct, weight }: EpochTotals) {
  return { steps, loss: loss[0], correct: correct[0], weight: weight[0] };
}

function positionFrom({ epoch, row, measured }: Record<string, unknown>): Position {
  return {
    epoch: count(epoch, 'position.epoch', MOST_COUNTED),
    row: count(row, 'position.row'),
    measured: measured === undefined ? undefined : measuredFrom(measured, Number(row)),
  };
}

/** Reads the sums of the steps of an epoch up to `row`. */
function measuredFrom(measured: unknown, row: number): EpochTotals {
  const where = "loadTrainer: the metadata's position.measured";
  if (typeof measured !== 'object' || measured === null || Array.isArray(measured)) {
    throw new EngineError('format', `${where} must be an object, got ${show(measured)}`);
  }
  const { steps, ...sums } = measured as Record<string, unknown>;
  const [loss, correct, weight] = ['loss', 'correct', 'weight'].map((name) => {
    const value = sums[name];
    if (isInRange(value, { min: 0 })) return [value];
    throw new EngineError('format', `${where}.${name} must be a number >= 0, got ${show(value)}`);
  });
  if (isInRange(steps, { min: 1, max: row, integer: true })) return { steps, loss, correct, weight };
  throw new EngineError('format', `${where}.steps must be an integer in [1, ${row}], the row, got ${show(steps)}`);
}

function numbers(values: Record<string, unknown>): Record<string, number> {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number') continue;
    throw new EngineError('format', `loadTrainer: the metadata's ${name} must be a number, got ${show(value)}`);
  }
  return values as Record<string, number>;
}
