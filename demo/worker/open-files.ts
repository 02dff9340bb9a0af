import { configOf, type Engine, loadTrainer, readTable, type TrainingConfig, trainingFromConfig } from 'wgrad';
import type { Opened, Order } from '../contract/protocol.js';
import { LIMITS, type State } from '../contract/state.js';
import { refusals } from '../words/words.js';
import type { OwnFile } from './data/own-file.js';
import { MOST_BYTES, unpacked } from './data/unpacked.js';
import type { Experiment } from './experiment.js';
import { HISTORY_START, SETTINGS } from './exports/history-csv.js';
import { fitState, roomOn } from './fit-state.js';
import { checkFits } from './fits-data.js';
import type { OwnFiles } from './own-files.js';
import { inFile, type OpenedFile, readIdx, readOwnTable, refuse, startsWith } from './read-data.js';
import { same } from './reconcile.js';
import { stateFromConfig } from './state-from-config.js';

/** The parts of the page that an opened file must fit, and where its content is kept. */
export interface Surroundings {
  readonly experiment: Experiment;
  readonly engine: Engine;
  readonly files: OwnFiles;
}

/**
 * Reads dropped files: a table, an IDX pair, a network, a configuration, or the history of runs that this page saved.
 * @param onProgress called with the share of a table that is read and prepared
 * @returns the changes that they ask for
 * @throws Error with the name of the file and the mistake in it
 */
export async function openFiles(
  { files: dropped, origin }: Extract<Order, { kind: 'open' }>,
  around: Surroundings,
  onProgress: (share: number) => void,
): Promise<Opened> {
  const files: OpenedFile[] = [];
  for (const { name, bytes } of dropped) {
    if (bytes.byteLength > MOST_BYTES) refuse(name, new Error(refusals.tooLarge(MOST_BYTES / 2 ** 20)));
    const read = await unpacked(new Uint8Array(bytes)).catch((error: unknown) => refuse(name, error));
    files.push({ name, bytes: read, origin });
  }
  const [file] = files;
  if (!file) throw new Error(refusals.noFile);
  if (files.some(({ bytes }) => isIdx(bytes))) return withData(readIdx(files), around);
  if (files.length > 1) throw new Error(refusals.oneFile);
  const { name, bytes } = file;
  if (bytes[8] === BRACE) return withNetwork(file, around);
  if (isConfig(bytes)) return inFile(name, () => withConfig(bytes, around));
  const opening = async () => {
    if (startsWith(bytes, HISTORY_START)) return withHistory(bytes);
    const table = await readOwnTable(file, (share) => onProgress(READING * share));
    return withData(table, around, (share) => onProgress(READING + (1 - READING) * share));
  };
  return opening().catch((error: unknown) => refuse(name, error));
}

/** The share of the time of opening a table that reading takes; preparing its rows takes the rest. */
const READING = 0.7;

const BRACE = '{'.charCodeAt(0);

/** Returns true for IDX, as `parseIdx` reads it; a safetensors file has a brace after its first number. */
function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && bytes[8] !== BRACE;
}

/** Returns true for the JSON of a network; other JSON is a table. */
function isConfig(bytes: Uint8Array): boolean {
  return bytes[0] === BRACE && new TextDecoder().decode(bytes).includes('"layers"');
}

/** Returns the changes for new data: all of the choices of the old ones are gone. */
async function withData(
  file: OwnFile,
  { experiment: { state }, files }: Surroundings,
  onProgress?: (share: number) => void,
): Promise<Opened> {
  const { examples } = await file.size({ ...state, table: undefined }, onProgress);
  const change = {
    data: 'own' as const,
    table: undefined,
    examples: Math.min(examples, LIMITS.examples.max),
    noise: 0,
  };
  return { change: { ...change, file: files.keepData(file) } };
}

/** Returns the address of the experiment whose history this is. */
async function withHistory(bytes: Uint8Array): Promise<Opened> {
  const { columns } = await readTable(bytes);
  const address = columns.find(({ name }) => name === SETTINGS)?.cells.text(0);
  if (!address) throw new Error(refusals.lostSettings);
  if (/\bdata=own\b/.test(address)) throw new Error(refusals.ownHistory);
  return { change: {}, address };
}

function withConfig(bytes: Uint8Array, { experiment, engine }: Surroundings): Opened {
  const config: TrainingConfig = JSON.parse(new TextDecoder().decode(bytes));
  trainingFromConfig(config); // throws if it is not valid
  checkFits(config, experiment.data);
  const { knobs, ...change } = stateFromConfig(config);
  checkRoom({ ...experiment.state, ...change }, engine);
  return { change, run: knobs };
}

/** Refuses a network for which there is no room, since it must not be made another one. @throws Error */
function checkRoom(wanted: State, engine: Engine): void {
  const fitted = fitState(wanted, roomOn(engine));
  for (const name of ['hidden', 'batch'] as const) {
    if (same(fitted[name], wanted[name])) continue;
    throw new Error(refusals.noRoom(name, String(wanted[name]), String(fitted[name])));
  }
}

async function withNetwork({ name, bytes }: OpenedFile, { experiment, engine, files }: Surroundings): Promise<Opened> {
  using trainer = await loadTrainer(engine, bytes).catch((error: unknown) => refuse(name, error));
  return inFile(name, () => {
    const config = configOf(trainer);
    checkFits(config, experiment.data);
    const hyper = trainer.hyperParameters;
    const { knobs, ...network } = stateFromConfig(config);
    const kind = network.parts?.gaussian ? 'gaussianDropout' : 'dropout';
    const dropout = network.hidden.map((_, layer) => hyper[`${kind}${layer}.dropout`]);
    if (!('dense0.l2' in hyper) || dropout.includes(undefined as never)) throw new Error(refusals.noKnobs);
    const change = { ...network, seed: seedOf(bytes) };
    checkRoom({ ...experiment.state, ...change }, engine);
    const l1 = network.parts?.l1 && { l1: hyper['dense0.l1'] };
    const now = { ...knobs, ...l1, l2: hyper['dense0.l2'], dropout, learningRate: hyper.learningRate };
    return { change, run: { ...now, network: files.keepNetwork(bytes) } };
  });
}

/** Returns the seed in the metadata of a safetensors file that `loadTrainer` has read. */
function seedOf(bytes: Uint8Array<ArrayBuffer>): number {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const { __metadata__ } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const seed = Number(__metadata__.seed);
  if (seed <= LIMITS.seed.max && __metadata__.shuffleSeed === __metadata__.seed) return seed;
  throw new Error(refusals.seed);
}
