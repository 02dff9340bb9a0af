import type { SearchResult, Trial, TrialEpoch } from '../../tune.js';
import type { Chart, Series } from '../charts/chart.js';
import { configText, rankTrials, variedNames } from './trials.js';

/** More curves than these cannot be told apart. */
const FINALISTS = 5;

/** Returns the charts of the leading trials: loss, and accuracy where there is one; none before the first epoch's end. */
export function searchCharts(result: SearchResult): Chart[] {
  const finalists = rankTrials(result.trials)
    .filter(({ status, rungs }) => status !== 'dropped' && status !== 'diverged' && rungs.length > 0)
    .slice(0, FINALISTS);
  if (finalists.length === 0) return [];
  const names = variedNames(result);
  const curves = finalists.map((trial) => ({
    group: `trial ${trial.id}: ${configText(trial.config, names)}`,
    epochs: lineage(trial, result.trials),
  }));
  const series = (train: keyof TrialEpoch, validation: keyof TrialEpoch): Series[] =>
    curves.flatMap(({ group, epochs }) => [
      { name: 'training', group, values: epochs.map((epoch) => epoch?.[train] ?? Number.NaN) },
      { name: 'validation', group, values: epochs.map((epoch) => epoch?.[validation] ?? Number.NaN) },
    ]);
  const charts: Chart[] = [{ title: 'Loss of the best', unit: 'epoch', series: series('trainLoss', 'validationLoss') }];
  if (curves.some(({ epochs }) => epochs.some((epoch) => epoch?.validationAccuracy !== undefined))) {
    const both = series('trainAccuracy', 'validationAccuracy');
    charts.push({ title: 'Accuracy of the best', unit: 'epoch', share: true, series: both });
  }
  return charts;
}

/** Returns the epochs of a trial from the first, its parent's up to where it was copied; undefined for a missing one. */
function lineage(trial: Trial, trials: readonly Trial[]): (TrialEpoch | undefined)[] {
  const epochs: (TrialEpoch | undefined)[] = [];
  for (let each: Trial | undefined = trial; each; each = parentOf(each, trials)) {
    for (const rung of each.rungs) epochs[rung.epoch - 1] ??= rung;
  }
  return Array.from(epochs);
}

const parentOf = ({ parent }: Trial, trials: readonly Trial[]) => trials.find(({ id }) => id === parent);
