import { type Given, type Options, optionValues, parseOptions } from '../../src/cli/parse-options.js';
import { list } from '../../src/cli/terminal/lines.js';
import { RIVALS, type Rival } from './contender.js';
import { type Network, networkOf } from './network.js';

/** All suites, in the order in which they run. */
export const SUITES = ['step', 'matmul', 'sweep', 'search', 'probes', 'cold', 'size'] as const;
export type Suite = (typeof SUITES)[number];

export const PLACES = ['node', 'chromium', 'both'] as const;
type Place = Exclude<(typeof PLACES)[number], 'both'>;

/** The options of `npm run bench`, in the order of its help. */
export const BENCH_OPTIONS = {
  suite: { value: 'NAMES', text: `What to measure, separated by commas: ${list(SUITES)}; default: all of it.` },
  where: {
    value: 'PLACE',
    text: `Where: ${list(PLACES)}, which is everything in Node and then step of the first network in Chromium; default node.`,
  },
  adapter: {
    value: 'NAME',
    text: "Part of the GPU's name in Node, such as llvmpipe or SwiftShader; default: Dawn's choice.",
  },
  rivals: {
    value: 'NAMES',
    text: `Whom to compare with, separated by commas: ${list(RIVALS)}; none for nobody; default: all.`,
  },
  network: { value: 'SIZES', text: 'The network of step, such as 784-128-10; default: 784-128-10 and 784-512-512-10.' },
  batch: { value: 'EXAMPLES', text: 'Examples in a step of --network; default 64.' },
  rounds: { value: 'COUNT', text: 'Rounds, in each of which every engine has its turn; default 7.' },
  json: { value: 'FILE', text: 'Write all figures.' },
  write: {
    value: 'DIR',
    text: 'Write results.md and the charts there, for the README; what other suites wrote stays.',
  },
  help: { short: 'h', text: 'Print this.' },
} as const satisfies Options;

/** The options of a run. */
export interface BenchOptions {
  readonly suites: readonly Suite[];
  readonly where: (typeof PLACES)[number];
  readonly adapter?: string;
  readonly rivals: readonly Rival[];
  readonly networks: readonly Network[];
  readonly rounds: number;
  readonly json?: string;
  readonly write?: string;
  readonly help: boolean;
}

const COMMAND = 'npm run bench --';
const { refuse, choice, number, checked } = optionValues(COMMAND);

export { refuse };

/** The networks of the targets. */
const NETWORKS = [networkOf([784, 128, 10]), networkOf([784, 512, 512, 10])];

/** Returns what the arguments ask for. @throws UsageError naming the option, what is allowed and what came */
export function readOptions(args: readonly string[]): BenchOptions {
  const given = parseOptions(COMMAND, args, BENCH_OPTIONS);
  const { adapter, json, write } = given;
  const where = given.where === undefined ? 'node' : choice('--where', given.where, PLACES);
  if (where === 'chromium' && adapter !== undefined) {
    throw refuse('--adapter is for Node; Chromium has the adapter that its flags give it');
  }
  const wanted = listOf('--suite', given.suite, SUITES);
  const elsewhere = where === 'chromium' ? wanted?.find(isInNodeAlone) : undefined;
  if (elsewhere) throw refuse(`--suite ${elsewhere} is measured in Node alone`);
  const suites = wanted ?? SUITES.filter((suite) => !isInNodeAlone(suite) || where !== 'chromium');
  return {
    suites,
    where,
    ...(adapter !== undefined && { adapter }),
    rivals: given.rivals === 'none' ? [] : (listOf('--rivals', given.rivals, RIVALS) ?? RIVALS),
    networks: networksOf(given),
    rounds: number('--rounds', given.rounds, { min: 1, max: 1000, integer: true }) ?? 7,
    ...(json !== undefined && { json }),
    ...(write !== undefined && { write }),
    help: given.help ?? false,
  };
}

/** Returns true if a suite needs processes or files of its own. */
const isInNodeAlone = (suite: Suite) => suite === 'search' || !needsGpu(suite);

/** Returns true if a suite needs WebGPU in the process or page that runs it. */
const needsGpu = (suite: Suite) => suite !== 'cold' && suite !== 'size';

/** Returns the places to run in, one after another. */
export const placesOf = ({ where }: BenchOptions): readonly Place[] =>
  where === 'both' ? ['node', 'chromium'] : [where];

/** Returns the suites to run in a place. */
export const suitesIn = (place: Place, { where, suites }: BenchOptions): readonly Suite[] =>
  suites.filter((suite) => (place === 'chromium' && where === 'both' ? suite === 'step' : needsGpu(suite)));

/** Returns the networks of the suite `step` in a place. */
export const networksIn = (place: Place, { where, networks }: BenchOptions): readonly Network[] =>
  place === 'chromium' && where === 'both' ? networks.slice(0, 1) : networks;

function listOf<T extends string>(name: string, text: string | undefined, allowed: readonly T[]): T[] | undefined {
  if (text === undefined) return undefined;
  const list = text.split(',').map((each) => choice(name, each, allowed));
  return allowed.filter((each) => list.includes(each));
}

function networksOf({ network, batch }: Given<typeof BENCH_OPTIONS>): readonly Network[] {
  if (network === undefined && batch !== undefined) throw refuse('--batch is for --network');
  if (network === undefined) return NETWORKS;
  const sizes = checked(() => {
    if (/^[1-9]\d*(-[1-9]\d*)+$/.test(network)) return network.split('-').map(Number);
    throw new RangeError(`${COMMAND}: --network must be sizes such as 784-128-10, got ${JSON.stringify(network)}`);
  });
  return [networkOf(sizes, { batchSize: number('--batch', batch, { min: 1, max: 65536, integer: true }) ?? 64 })];
}
