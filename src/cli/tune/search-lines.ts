import type { SearchResult, Trial } from '../../tune.js';
import { count, duration, percent, short } from '../terminal/numbers.js';
import { judgedEpoch } from './trial-ranking.js';
import { configText, statusText, valueText, variedNames } from './trial-text.js';

type Fact = readonly [name: string, value: string];

/** Returns what a search found, as names and values for a person. */
export function searchLines(result: SearchResult): Fact[] {
  const { trials, best, oneStandardError, seconds, complete, folds } = result;
  const names = variedNames(result);
  const trialOf = (id: number | null) => trials.find((trial) => trial.id === id);
  const [winner, simpler] = [trialOf(best), trialOf(oneStandardError)];
  return [
    ...(winner ? [['Best', `trial ${winner.id}: ${configText(winner.config, names)}`] as const] : []),
    ...(winner ? measured(winner, folds) : []),
    ...(simpler && simpler.id !== best
      ? [
          [
            'Simpler',
            `trial ${simpler.id}: ${configText(simpler.config, names)}; the largest λ within one standard error of the best`,
          ] as const,
        ]
      : []),
    ['Trials', `${count(trials.length)}${trials.length > 0 ? `: ${statusText(result)}` : ''}`],
    ['Time', `${duration(seconds)}${complete ? '' : ', stopped before its end'}`],
  ];
}

function measured(trial: Trial, folds: number): Fact[] {
  const epoch = judgedEpoch(trial);
  if (!epoch) return [];
  const { validationAccuracy, validationLoss, standardError } = epoch;
  const parts = [
    ...(validationAccuracy === undefined ? [] : [`accuracy ${percent(validationAccuracy)}`]),
    `loss ${short(validationLoss)}`,
    ...(standardError === undefined ? [] : [`standard error ${short(standardError)}`]),
  ];
  const after = `after ${count(epoch.epoch)} ${epoch.epoch === 1 ? 'epoch' : 'epochs'}`;
  return [['Validation', `${parts.join(', ')} ${after}${folds > 0 ? `, mean of ${count(folds)} folds` : ''}`]];
}

/** Returns a space, as names and distributions in words. */
export function spaceLines({ space }: Pick<SearchResult, 'space'>): Fact[] {
  return Object.entries(space).flatMap(([name, entry]): Fact[] =>
    Array.isArray(entry)
      ? entry.map((one, i): Fact => [`${name}[${i}]`, distributionText(one)])
      : [[name, distributionText(entry)]],
  );
}

const KINDS: Readonly<Record<string, string>> = {
  uniform: 'evenly',
  logUniform: 'evenly in the logarithm',
  integer: 'integers',
};

function distributionText(distribution: unknown): string {
  const { kind, low, high, values, value } = distribution as Readonly<Record<string, unknown>>;
  if (typeof low === 'number' && typeof high === 'number') {
    return `${KINDS[String(kind)] ?? kind} from ${valueText(low)} to ${valueText(high)}`;
  }
  if (kind === 'choice' && Array.isArray(values)) return `one of ${values.map((each) => valueText(each)).join('; ')}`;
  if (kind === 'fixed' && value !== undefined) return `always ${JSON.stringify(value)}`;
  return JSON.stringify(distribution);
}
