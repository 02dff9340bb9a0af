import { createHash } from 'node:crypto';
import { readNonFinite, withNonFinite } from '../../data/parse-json.js';
import { readSafetensors, writeSafetensors } from '../../data/safetensors.js';
import { EngineError } from '../../errors/engine-error.js';
import type { Dataset } from '../../index.js';
import type { EpochReport } from '../../train/reports.js';
import { refuse, type TrainConfig } from './config.js';
import type { TrainingData } from './data.js';

/** A run so far, as a checkpoint holds it. */
export interface RunSoFar {
  readonly asked: Asked;
  readonly epochs: readonly EpochReport[];
  readonly seconds: number;
  /** The validation loss before the first epoch; missing without early stopping. */
  readonly untrained?: number | undefined;
}

/** A checkpoint that training goes on from. */
export interface Resumed extends RunSoFar {
  /** For `loadTrainer`. */
  readonly bytes: Uint8Array;
  /** The best state, for `loadTrainer`; undefined without early stopping. */
  readonly best: Uint8Array | undefined;
}

/** The settings by which a run goes on differently from another, as text: all but its length, and the data by their content. */
export type Asked = Readonly<Record<string, string>>;

/** The entries of the metadata that a trainer's own file does not have: the run so far, and the metadata of the best epoch. */
const KEY = 'run';
const BEST = 'best';
/** Begins the names of tensors of the best epoch. */
const OF_BEST = 'best ';

/** Returns the settings of a run. */
export function askedOf(config: TrainConfig, { train, validation }: TrainingData): Asked {
  const { epochs: _, data: _data, table, ...settings } = config;
  const texts = Object.entries({ ...settings, ...table }).map(([name, value]) => [
    `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    Array.isArray(value) ? value.join() || 'none' : String(value),
  ]);
  return { ...Object.fromEntries(texts), data: hashOf([train, validation]) };
}

function hashOf(sets: readonly Dataset[]): string {
  const hash = createHash('sha256');
  for (const { x, y, examples } of sets) {
    hash.update(`${examples} `);
    for (const { buffer, byteOffset, byteLength } of [x, y])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest('hex');
}

/**
 * Returns a file from which a run goes on: `now`, a file of `trainer.save()`, with the reports so far in its metadata.
 * @param best the file of the best epoch, if there is one
 */
export function checkpointOf(now: Uint8Array, run: RunSoFar, best?: Uint8Array): Uint8Array {
  const { tensors, metadata } = readSafetensors(now);
  const kept = best && readSafetensors(best);
  const named = (all: typeof tensors, prefix = '') =>
    Array.from(all, ([name, tensor]) => ({ name: prefix + name, ...tensor }));
  return writeSafetensors([...named(tensors), ...(kept ? named(kept.tensors, OF_BEST) : [])], {
    ...metadata,
    [KEY]: JSON.stringify(run, withNonFinite),
    ...(kept && { [BEST]: JSON.stringify(kept.metadata) }),
  });
}

/**
 * Returns the run that a checkpoint holds.
 * @param now the settings of the run that goes on with it
 * @param most its epochs
 * @throws UsageError if it was written with other options; EngineError of kind `format` if it is damaged
 */
export function readRun(path: string, bytes: Uint8Array, now: Asked, most: number): Resumed {
  const { tensors, metadata } = readSafetensors(bytes);
  const { [KEY]: text, [BEST]: ofBest, ...own } = metadata;
  if (text === undefined) throw refuse(`--resume: ${path} was not written by wgrad train --checkpoint`);
  const { asked, epochs, seconds, untrained } = parsed(text, path);
  for (const [name, value] of Object.entries(now)) {
    if (asked[name] === value) continue;
    if (name === 'data') throw refuse(`--resume: ${path} was written with other data`);
    throw refuse(`--resume: ${path} was written with ${name} ${asked[name]}, and now it is ${value}`);
  }
  if (epochs.length > most) {
    throw refuse(`--resume: ${path} has ${epochs.length} epochs, more than --epochs ${most}`);
  }
  const part = (isBest: boolean, data: Readonly<Record<string, string>>) => {
    const found = [...tensors].filter(([name]) => name.startsWith(OF_BEST) === isBest);
    const named = found.map(([name, tensor]) => ({ name: isBest ? name.slice(OF_BEST.length) : name, ...tensor }));
    return writeSafetensors(named, data);
  };
  const best = ofBest === undefined ? undefined : part(true, textsOf(ofBest, path));
  return { bytes: part(false, own), best, asked, epochs, seconds, untrained };
}

/** Returns an object of texts. @throws EngineError of kind `format` */
function textsOf(json: string, path: string): Record<string, string> {
  try {
    const texts = Object.entries(JSON.parse(json));
    return Object.fromEntries(texts.map(([name, text]) => [name, String(text)]));
  } catch {
    throw new EngineError('format', `checkpoint: ${path} is damaged: it lacks the metadata of its best epoch`);
  }
}

function parsed(text: string, path: string): RunSoFar {
  try {
    const run = JSON.parse(text, readNonFinite);
    const { asked, epochs, seconds, untrained = 0 } = run;
    const isReport = ({ kind, ...numbers }: EpochReport, i: number) =>
      kind === 'epoch' &&
      numbers.epoch === i + 1 &&
      ALWAYS.every((name) => name in numbers) &&
      Object.values(numbers).every((value) => typeof value === 'number');
    const isRight = [seconds, untrained].every((each) => typeof each === 'number');
    if (typeof asked === 'object' && epochs.every(isReport) && isRight) return run;
  } catch {
    // falls through to the one message
  }
  throw new EngineError('format', `checkpoint: ${path} is damaged: its reports are not those that were saved`);
}

/** The numbers that every report has. */
const ALWAYS = ['trainLoss', 'trainPenalty', 'trainObjective', 'steps', 'seconds', 'stepMilliseconds'] as const;
