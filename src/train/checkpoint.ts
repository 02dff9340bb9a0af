import { DuplicateKey, parseJson } from '../data/parse-json.js';
import { readSafetensors, writeSafetensors } from '../data/safetensors.js';
import { isInRange, isRecord, show } from '../errors/arguments.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import { type Config, describe } from '../nn/described.js';
import { checkHyperParameter, type HyperTable } from '../nn/hyper-parameters.js';
import type { Training } from '../nn/traced-model.js';
import type { Shape } from '../ops/tensor.js';
import { readSeed, type Seed } from '../random/seed.js';
import { type EpochTotals, MOST_COUNTED, type Position } from './member.js';
import type { CheckedOptions } from './trainer-options.js';

/** A tensor of a file, tight. */
export interface StoredState {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A model as a file of `save` holds it. */
export interface StoredModel {
  /** Model, loss, optimiser, regulariser and options as plain objects. */
  readonly config: Config;
  /** Decides initial weights and dropout masks. */
  readonly seed: Seed;
  readonly steps: number;
  readonly hyper: Readonly<Record<string, number>>;
  /** Parameters, and in a checkpoint optimiser states, by name, tight. */
  readonly states: ReadonlyMap<string, StoredState>;
  /** Entries of the metadata beside these; annotations are among them. */
  readonly entries: Readonly<Record<string, string>>;
}

/** A training as a file of `save` holds it. */
export interface Checkpoint extends StoredModel {
  readonly shuffleSeed: Seed;
  readonly position: Position;
}

const FORMAT = 'wgrad checkpoint 2';
/** The format of a file without optimiser states and without the place in the data. */
const WEIGHTS_FORMAT = 'wgrad weights 2';

/** Returns the configuration of a training as plain objects, for `trainingFromConfig`. */
export function describeTraining(
  { model, loss, optimizer, regularizer, constraint, augmentation }: Training,
  { input, batchSize }: CheckedOptions,
): Config {
  return {
    input,
    batchSize,
    layers: model.layers.map(describe),
    loss: describe(loss),
    optimizer: describe(optimizer),
    regularizer: regularizer && describe(regularizer),
    constraint: constraint && describe(constraint),
    augmentation: augmentation && describe(augmentation),
  };
}

/** Returns a model as safetensors: states as tensors of their shapes, everything else in the metadata. */
export function writeModel(
  { config, seed, steps, hyper, states, entries }: StoredModel,
  more: Readonly<Record<string, string>> = { format: WEIGHTS_FORMAT },
): Uint8Array<ArrayBuffer> {
  const tensors = [...states].map(([name, state]) => ({ name, ...state }));
  return writeSafetensors(tensors, {
    ...entries,
    ...more,
    config: JSON.stringify(config),
    seed: String(seed),
    step: String(steps),
    hyperParameters: JSON.stringify(hyper),
  });
}

/** Returns a training as safetensors: a model, and what its training goes on from. */
export function writeCheckpoint({ shuffleSeed, position, ...model }: Checkpoint): Uint8Array<ArrayBuffer> {
  const measured = position.measured && ofMember(position.measured);
  return writeModel(model, {
    format: FORMAT,
    shuffleSeed: String(shuffleSeed),
    position: JSON.stringify({ ...position, measured }),
  });
}

/**
 * Reads the model of a file that `save` wrote, with or without what its training goes on from.
 * @throws EngineError of kind `format` naming what is missing or wrong
 */
export function readModel(where: string, bytes: Uint8Array): StoredModel {
  const { tensors, metadata } = readSafetensors(bytes);
  const { format } = metadata;
  if (format !== FORMAT && format !== WEIGHTS_FORMAT) {
    const shown = JSON.stringify(format);
    throw refuse(where, `the file's format must be '${FORMAT}' or '${WEIGHTS_FORMAT}', got ${shown}`);
  }
  const states = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const [name, { shape, data }] of tensors) {
    if (data instanceof Float32Array) states.set(name, { shape, data });
    else throw refuse(where, `'${name}' must be F32, got U32`);
  }
  return {
    config: record(where, metadata, 'config') as Config,
    seed: readSeed(where, "the metadata's seed", metadata.seed),
    steps: stepsFrom(where, metadata.step),
    hyper: numbers(where, record(where, metadata, 'hyperParameters')),
    states,
    entries: metadata,
  };
}

/** Reads a training that `save` wrote. @throws EngineError of kind `format` naming what is missing or wrong */
export function readCheckpoint(where: string, bytes: Uint8Array): Checkpoint {
  const model = readModel(where, bytes);
  const { format, shuffleSeed, position } = model.entries;
  if (format === WEIGHTS_FORMAT) {
    throw refuse(
      where,
      'the file holds weights only, without optimizer states to go on from; loadModel(engine, bytes) reads it',
    );
  }
  return {
    ...model,
    shuffleSeed: readSeed(where, "the metadata's shuffleSeed", shuffleSeed),
    position: positionFrom(where, record(where, { position }, 'position')),
  };
}

/**
 * Refuses a checkpoint whose states or hyper-parameters are not those of its model.
 * @throws EngineError of kind `format` naming what is missing, too much, misshapen, not finite or out of range
 */
export function checkStates(
  where: string,
  { states, hyper }: Pick<StoredModel, 'states' | 'hyper'>,
  wanted: readonly { readonly name: string; readonly tensor: Shape }[],
  table: HyperTable,
): void {
  for (const { name, tensor } of wanted) {
    const { rows, cols } = tensor;
    const found = states.get(name);
    if (!found) throw refuse(where, `the file has no '${name}', which the model needs as [${rows}, ${cols}]`);
    if (found.shape.length !== 2 || found.shape[0] !== rows || found.shape[1] !== cols) {
      throw refuse(where, `'${name}' must have the shape [${rows}, ${cols}], got [${found.shape.join(', ')}]`);
    }
    const bad = found.data.findIndex((value) => !Number.isFinite(value));
    if (bad < 0) continue;
    throw refuse(where, `'${name}' holds ${found.data[bad]} at row ${Math.floor(bad / cols)}, column ${bad % cols}`);
  }
  const names = new Set(wanted.map(({ name }) => name));
  for (const name of states.keys())
    if (!names.has(name)) throw refuse(where, `the model has no '${name}', but the file has`);
  for (const name of Object.keys(table)) {
    if (!Object.hasOwn(hyper, name)) throw refuse(where, `the metadata has no '${name}'`);
  }
  for (const [name, value] of Object.entries(hyper)) {
    if (!Object.hasOwn(table, name)) throw refuse(where, `the model has no '${name}', but the metadata has`);
    asFormatError(() => checkHyperParameter(where, table, name, value));
  }
}

const refuse = (where: string, message: string) => new EngineError('format', `${where}: ${message}`);

function record(
  where: string,
  metadata: Readonly<Record<string, string | undefined>>,
  key: string,
): Record<string, unknown> {
  let fault = `must be a JSON object, got ${JSON.stringify(metadata[key])}`;
  try {
    const value = parseJson(metadata[key] ?? '');
    if (isRecord(value)) return value;
  } catch (cause) {
    if (cause instanceof DuplicateKey) fault = `has two entries '${cause.key}'`;
  }
  throw refuse(where, `the metadata's ${key} ${fault}`);
}

function stepsFrom(where: string, text: string | undefined): number {
  return count(where, text !== undefined && /^\d+$/.test(text) ? Number(text) : text, 'step', MOST_COUNTED);
}

function count(where: string, value: unknown, name: string, max = Number.MAX_SAFE_INTEGER): number {
  if (isInRange(value, { min: 0, max, integer: true })) return value;
  const range = max === MOST_COUNTED ? 'in [0, 2^32)' : '>= 0';
  throw refuse(where, `the metadata's ${name} must be an integer ${range}, got ${show(value)}`);
}

/** Returns the sums of one member as plain numbers. */
function ofMember({ steps, loss, correct, weight }: EpochTotals) {
  return { steps, loss: loss[0], correct: correct[0], weight: weight[0] };
}

function positionFrom(where: string, { epoch, row, measured }: Record<string, unknown>): Position {
  return {
    epoch: count(where, epoch, 'position.epoch', MOST_COUNTED),
    row: count(where, row, 'position.row'),
    measured: measured === undefined ? undefined : measuredFrom(where, measured, Number(row)),
  };
}

/** Reads the sums of the steps of an epoch up to `row`. */
function measuredFrom(where: string, measured: unknown, row: number): EpochTotals {
  const place = "the metadata's position.measured";
  if (!isRecord(measured)) {
    throw refuse(where, `${place} must be an object, got ${show(measured)}`);
  }
  const { steps, ...sums } = measured;
  const [loss, correct, weight] = ['loss', 'correct', 'weight'].map((name) => {
    const value = sums[name];
    if (isInRange(value, { min: 0 })) return [value];
    throw refuse(where, `${place}.${name} must be a number >= 0, got ${show(value)}`);
  });
  if (isInRange(steps, { min: 1, max: row, integer: true })) return { steps, loss, correct, weight };
  throw refuse(where, `${place}.steps must be an integer in [1, ${row}], the row, got ${show(steps)}`);
}

function numbers(where: string, values: Record<string, unknown>): Record<string, number> {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number') continue;
    throw refuse(where, `the metadata's ${name} must be a number, got ${show(value)}`);
  }
  return values as Record<string, number>;
}
