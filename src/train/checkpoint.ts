import { EngineError } from '../errors/engine-error.js';
import { describe } from '../nn/dense.js';
import type { Config } from '../nn/layer.js';
import type { Training } from '../nn/traced-model.js';
import type { Seed } from '../random/seed.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import type { CheckedOptions } from './trainer-options.js';

/** Where training stands in the data: how many epochs are complete, and the next row of the current one. */
export interface Position {
  readonly epoch: number;
  readonly row: number;
}

/** What a file of `save` holds. */
export interface Checkpoint {
  /** How the trainer was made: model, loss, optimiser, regulariser and options as plain objects. */
  readonly config: Config;
  readonly seed: Seed;
  readonly shuffleSeed: Seed;
  readonly steps: number;
  readonly position: Position;
  readonly hyper: Readonly<Record<string, number>>;
  /** Parameters and optimiser states by name, tight. */
  readonly states: ReadonlyMap<string, Float32Array>;
}

const FORMAT = 'wgrad checkpoint 1';

/** How a trainer was made, as plain objects that `trainingFrom` turns back. */
export function describeTraining(
  { model, loss, optimizer, regularizer }: Training,
  { input, batchSize }: CheckedOptions,
): Config {
  return {
    input: input.map((size) => ({ size })),
    batchSize,
    layers: model.layers.map(describe),
    loss: describe(loss),
    optimizer: describe(optimizer),
    ...(regularizer && { regularizer: describe(regularizer) }),
  };
}

/** Writes a checkpoint as safetensors: states as tensors of their shapes, everything else in the metadata. */
export function writeCheckpoint(
  checkpoint: Checkpoint,
  shapes: ReadonlyMap<string, readonly [number, number]>,
): Uint8Array {
  const { config, seed, shuffleSeed, steps, position, hyper, states } = checkpoint;
  const tensors = [...states].map(([name, data]) => ({ name, shape: [...(shapes.get(name) ?? [data.length])], data }));
  return writeSafetensors(tensors, {
    format: FORMAT,
    config: JSON.stringify(config),
    seed: String(seed),
    shuffleSeed: String(shuffleSeed),
    step: String(steps),
    position: JSON.stringify(position),
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
  const states = new Map<string, Float32Array>();
  for (const [name, { data }] of tensors) {
    if (data instanceof Float32Array) states.set(name, data);
    else throw new EngineError('format', `loadTrainer: ${name} must be F32, got U32`);
  }
  return {
    config: record(metadata, 'config') as Config,
    seed: seedFrom(metadata, 'seed'),
    shuffleSeed: seedFrom(metadata, 'shuffleSeed'),
    steps: count(metadata.step, 'step'),
    position: positionFrom(record(metadata, 'position')),
    hyper: numbers(record(metadata, 'hyperParameters')),
    states,
  };
}

function record(metadata: Readonly<Record<string, string>>, key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(metadata[key]);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // falls through to the one message
  }
  throw new EngineError(
    'format',
    `loadTrainer: the metadata's ${key} must be a JSON object, got ${JSON.stringify(metadata[key])}`,
  );
}

function count(value: unknown, name: string): number {
  const number = Number(value);
  if (value !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new EngineError(
    'format',
    `loadTrainer: the metadata's ${name} must be an integer >= 0, got ${JSON.stringify(value)}`,
  );
}

function positionFrom({ epoch, row }: Record<string, unknown>): Position {
  return { epoch: count(epoch, 'position.epoch'), row: count(row, 'position.row') };
}

function numbers(values: Record<string, unknown>): Record<string, number> {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === 'number') continue;
    throw new EngineError(
      'format',
      `loadTrainer: the metadata's ${name} must be a number, got ${JSON.stringify(value)}`,
    );
  }
  return values as Record<string, number>;
}

function seedFrom(metadata: Readonly<Record<string, string>>, key: string): Seed {
  const text = metadata[key];
  if (!/^\d+$/.test(text ?? '')) {
    throw new EngineError(
      'format',
      `loadTrainer: the metadata's ${key} must be an integer, got ${JSON.stringify(text)}`,
    );
  }
  const seed = BigInt(text);
  return seed < 1n << 53n ? Number(seed) : seed;
}
