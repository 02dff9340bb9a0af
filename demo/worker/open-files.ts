import { configOf, type Engine, loadTrainer, type Trainer, type TrainingConfig, trainingFromConfig } from 'wgrad';
import type { Order } from '../contract/protocol.js';
import { LIMITS, type State } from '../contract/state.js';
import type { OwnSource } from './data/own-data.js';
import { MOST_BYTES, unpacked } from './data/unpacked.js';
import type { Experiment } from './experiment.js';
import { fitState, roomOn } from './fit-state.js';
import { inFile, type OpenedFile, readIdx, readOwnTable, refuse } from './read-data.js';
import { same } from './reconcile.js';
import { type Described, stateFromConfig } from './state-from-config.js';

/** The state that dropped files ask for. */
export interface Opened {
  readonly state: State;
  /** The data of `state`, if they are new. */
  readonly own?: OwnSource;
  /** The network of the selected run, if it was dropped. */
  readonly trainer?: Trainer;
}

/**
 * Reads dropped files: a table, an IDX pair, a network or a configuration.
 * @throws Error with the name of the file and the mistake in it
 */
export async function openFiles(
  dropped: Extract<Order, { kind: 'open' }>['files'],
  { state, data }: Experiment,
  engine: Engine,
): Promise<Opened> {
  const files: OpenedFile[] = [];
  for (const { name, bytes } of dropped) {
    if (bytes.byteLength > MOST_BYTES) throw new Error(`${name}: it is larger than ${MOST_BYTES / 2 ** 20} MiB`);
    const read = await unpacked(new Uint8Array(bytes)).catch((error: unknown) => refuse(name, error));
    files.push({ name, bytes: read });
  }
  const [file] = files;
  if (!file) throw new Error('No file was dropped.');
  if (files.some(({ bytes }) => isIdx(bytes))) return withData(state, readIdx(files));
  if (files.length > 1) throw new Error('Drop one file at a time, or the two files of an IDX data set.');
  const { name, bytes } = file;
  if (bytes[8] === BRACE) return withNetwork(file, state, data, engine);
  if (!isConfig(bytes)) {
    const own = await readOwnTable(file).catch((error: unknown) => refuse(name, error));
    return withData(state, own);
  }
  return inFile(name, () => {
    const config: TrainingConfig = JSON.parse(new TextDecoder().decode(bytes));
    trainingFromConfig(config); // throws if it is not valid
    return { state: described(state, stateFromConfig(config), engine) };
  });
}

const BRACE = '{'.charCodeAt(0);

/** Returns true for IDX, as `parseIdx` reads it; a safetensors file has a brace after its first number. */
function isIdx(bytes: Uint8Array): boolean {
  return bytes[0] === 0 && bytes[1] === 0 && bytes[8] !== BRACE;
}

/** Returns true for the JSON of a network; other JSON is a table. */
function isConfig(bytes: Uint8Array): boolean {
  return bytes[0] === BRACE && new TextDecoder().decode(bytes).includes('"layers"');
}

function withData(state: State, own: OwnSource): Opened {
  const examples = Math.min(own.trainingRows, LIMITS.examples.max);
  return { state: { ...state, data: 'own', examples, noise: 0, batch: Math.min(state.batch, examples) }, own };
}

/** Returns the state with the network of a configuration; its knobs become those of the selected run. */
function described(state: State, { knobs, ...network }: Described, engine: Engine): State {
  const runs = state.runs.map((each, i) => (i === state.selected ? { ...each, ...knobs } : each));
  const wanted = { ...state, ...network };
  const fitted = fitState({ ...wanted, runs }, roomOn(engine));
  for (const name of ['hidden', 'batch'] as const) {
    if (!same(fitted[name], wanted[name])) {
      throw new Error(`${name} is ${wanted[name]}, but there is room for ${fitted[name]}`);
    }
  }
  return fitted;
}

async function withNetwork(
  { name, bytes }: OpenedFile,
  state: State,
  data: Experiment['data'],
  engine: Engine,
): Promise<Opened> {
  const trainer = await loadTrainer(engine, bytes).catch((error: unknown) => refuse(name, error));
  try {
    return inFile(name, () => {
      const config = configOf(trainer);
      const hyper = trainer.hyperParameters;
      const { knobs, ...network } = stateFromConfig(config);
      const outputs = data.classes?.length ?? data.train.outputs;
      const loss = data.classes ? 'softmaxCrossEntropy' : 'meanSquaredError';
      checkSame(
        'inputs',
        config.input.reduce((a, b) => a * b, 1),
        data.train.features,
      );
      checkSame('outputs', config.layers.at(-1)?.units, outputs);
      checkSame('loss', config.loss.kind, loss);
      const dropout = network.hidden.map((_, layer) => hyper[`dropout${layer}.dropout`]);
      if (!('dense0.l2' in hyper) || dropout.includes(undefined as never)) {
        throw new Error('a network of this page has a penalty, and dropout after every hidden layer');
      }
      const now = { ...knobs, l2: hyper['dense0.l2'], dropout, learningRate: hyper.learningRate };
      const wanted = { ...state, seed: seedOf(bytes) };
      return { state: described(wanted, { ...network, knobs: now }, engine), trainer };
    });
  } catch (error) {
    trainer.dispose();
    throw error;
  }
}

function checkSame(what: string, has: unknown, wanted: unknown): void {
  if (has !== wanted) throw new Error(`the network’s ${what} must be ${wanted} for these data, got ${has}`);
}

/** Returns the seed in the metadata of a safetensors file that `loadTrainer` has read. */
function seedOf(bytes: Uint8Array<ArrayBuffer>): number {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const { __metadata__ } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const seed = Number(__metadata__.seed);
  if (seed <= LIMITS.seed.max && __metadata__.shuffleSeed === __metadata__.seed) return seed;
  throw new Error('a network of this page has one seed below 2^53, for its weights and its batches');
}
