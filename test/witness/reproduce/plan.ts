import type { Given, Options } from '../../../src/cli/parse-options.js';
import { optionValues } from '../../../src/cli/parse-options.js';
import { CHOICE, PAPER, type PaperRow } from './srivastava-2014.js';

/**
 * Minutes on two cores without a GPU. Dropout needs width, and many updates for what there is to learn: with 256 units,
 * 938 images and 977 updates it was worse than L2 (9.0 % and 8.3 % of held-out images), with 3,906 updates as good (8.1 %).
 */
const DEFAULT_SCALE = 0.2;
const DEFAULT_SEEDS = 5;

/** The script's name in messages. */
export const COMMAND = 'npm run reproduce --';

/** The options of `npm run reproduce`, in the order of its help. */
export const REPRODUCE_OPTIONS = {
  scale: {
    value: 'FACTOR',
    text:
      'How much of the paper is run, in (0, 1]: multiplies the units of its layers; its cube multiplies the training ' +
      'images and its fourth power the updates, for dropout needs networks that are wide for what they learn; default ' +
      `${DEFAULT_SCALE}, minutes without a GPU. 1 is the paper, hours on a fast GPU.`,
  },
  seeds: {
    value: 'COUNT',
    text: `Networks trained side by side from different seeds, at least 2; default ${DEFAULT_SEEDS}.`,
  },
  seed: { value: 'INTEGER', text: 'The first of the seeds, and that of the order of the images; default 0.' },
  adapter: { value: 'NAME', text: "Part of the GPU's name, such as llvmpipe; default: the one that Dawn prefers." },
  json: { value: 'FILE', text: 'Write every number of the run.' },
  help: { short: 'h', text: 'Print this.' },
} as const satisfies Options;

export type ReproduceOptions = Given<typeof REPRODUCE_OPTIONS>;

const { refuse, number } = optionValues(COMMAND);

export { refuse };

/** The size of a run: networks, images and updates. */
export interface Plan {
  /** 1 for the paper itself. */
  readonly scale: number;
  /** Units where the paper has 1,024. */
  readonly units: number;
  /** The first so many images of MNIST's training set. */
  readonly images: number;
  readonly updates: number;
  /** Examples of a batch. */
  readonly batch: number;
  readonly seeds: readonly number[];
}

/** Returns the plan that the options describe. @throws UsageError naming the option, its value and what is allowed */
export function readPlan(given: ReproduceOptions): Plan {
  const scale = number('--scale', given.scale, { min: 0, max: 1, exclusive: 'min' }) ?? DEFAULT_SCALE;
  const count = number('--seeds', given.seeds, { min: 2, max: 1000, integer: true }) ?? DEFAULT_SEEDS;
  const seed = number('--seed', given.seed, { min: 0, max: 0xffffffff, integer: true }) ?? 0;
  const images = Math.max(1, Math.round(scale ** 3 * PAPER.trainImages));
  return {
    scale,
    units: Math.max(1, Math.round(scale * PAPER.units)),
    images,
    updates: Math.max(1, Math.round(scale ** 4 * PAPER.updates)),
    batch: Math.min(CHOICE.batch, images),
    seeds: Array.from({ length: count }, (_, i) => seed + i),
  };
}

/** Units of the hidden layers of a row's network. */
export const hiddenUnits = ({ widths }: PaperRow, { units }: Plan) => widths.map((width) => width * units);
