import { ABOVE_0, SHARE } from '../../nn/hyper-parameters.js';
import { FOCUSING } from '../../nn/losses.js';
import type { Given, Options, OptionValues } from '../parse-options.js';

/** The numbers of single losses and activations, null where the network has another one. */
export interface OwnNumbers {
  readonly huberDelta: number | null;
  readonly focalGamma: number | null;
  readonly eluAlpha: number | null;
  readonly leakySlope: number | null;
}

/** The settings of a network without such losses and activations. */
export const NO_NUMBERS: OwnNumbers = { huberDelta: null, focalGamma: null, eluAlpha: null, leakySlope: null };

/** The loss or activation that has each number, the library's option and hyper-parameter of it, its default and range. */
const NUMBERS = {
  huberDelta: {
    flag: 'huber-delta',
    of: 'loss',
    name: 'huber',
    option: 'delta',
    hyper: 'delta',
    start: 1,
    range: ABOVE_0,
  },
  focalGamma: {
    flag: 'focal-gamma',
    of: 'loss',
    name: 'focal',
    option: 'gamma',
    hyper: 'focusing',
    start: 2,
    range: FOCUSING,
  },
  eluAlpha: {
    flag: 'elu-alpha',
    of: 'activation',
    name: 'elu',
    option: 'alpha',
    hyper: 'saturation',
    start: 1,
    range: ABOVE_0,
  },
  leakySlope: {
    flag: 'leaky-slope',
    of: 'activation',
    name: 'leaky-relu',
    option: 'slope',
    hyper: 'slope',
    start: 0.01,
    range: SHARE,
  },
} as const;

const FIELDS = Object.keys(NUMBERS) as (keyof OwnNumbers)[];

export const NUMBER_OPTIONS = {
  'huber-delta': {
    value: 'DISTANCE',
    text:
      'The distance beyond which the loss huber grows in a straight line; default 1. Of a table its unit is the interquartile ' +
      'range of the target / 1.349: the standard deviation, if no values are far off.',
  },
  'focal-gamma': {
    value: 'EXPONENT',
    text: 'How much less examples count in the loss focal that are right already, in [0, 100]; default 2.',
  },
  'elu-alpha': { value: 'ALPHA', text: 'Minus the least output of the activation elu; default 1.' },
  'leaky-slope': { value: 'SLOPE', text: 'Slope below 0 of the activation leaky-relu, in (0, 1]; default 0.01.' },
} as const satisfies Options;

/** The settings of these numbers by the names of the hyper-parameters that they start. */
export const NUMBER_OF_HYPER: Readonly<Record<string, keyof OwnNumbers>> = Object.fromEntries(
  FIELDS.map((field) => [NUMBERS[field].hyper, field]),
);

/** A loss and an activation by name. */
interface Named {
  readonly loss: string | null;
  readonly activation: string;
}

/**
 * Returns the numbers that the options give, or else the defaults, for what the network has.
 * @param searched names of the space of a search, which may vary the activation
 * @throws UsageError naming an option that is for another loss or activation
 */
export function readNumbers(
  given: Given<typeof NUMBER_OPTIONS>,
  network: Named,
  { refuse, number }: OptionValues,
  searched: readonly string[],
): OwnNumbers {
  return numbersOf((field) => {
    const { flag, of, name, range, start } = NUMBERS[field];
    const value = number(`--${flag}`, given[flag], range);
    if (network[of] === name || (of === 'activation' && searched.includes(of))) return value ?? start;
    if (value === undefined) return null;
    throw refuse(`--${flag} is for the ${of} ${name}, got ${network[of] ?? 'none'}`);
  });
}

/** Returns the numbers of a loaded network, from its hyper-parameters by place. */
export function loadedNumbers(network: Named, hyper: Readonly<Record<string, number>>): OwnNumbers {
  return numbersOf((field) => {
    const { of, name, hyper: last } = NUMBERS[field];
    const place = Object.keys(hyper).find((each) => each.split('.').at(-1) === last);
    return network[of] === name && place ? hyper[place] : null;
  });
}

/** Returns the library's options of a loss or an activation. */
export function numberOption(of: 'loss' | 'activation', name: string, numbers: OwnNumbers): Record<string, number> {
  const field = FIELDS.find((each) => NUMBERS[each].of === of && NUMBERS[each].name === name);
  const value = field && numbers[field];
  return field && typeof value === 'number' ? { [NUMBERS[field].option]: value } : {};
}

function numbersOf(value: (field: keyof OwnNumbers) => number | null): OwnNumbers {
  const [huberDelta, focalGamma, eluAlpha, leakySlope] = FIELDS.map(value);
  return { huberDelta, focalGamma, eluAlpha, leakySlope };
}
