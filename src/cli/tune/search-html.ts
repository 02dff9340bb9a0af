import type { SearchResult } from '../../tune.js';
import { escapeHtml, figure, namesTable, reportPage, settingRows, wideTable } from '../charts/html.js';
import { svgChart } from '../charts/svg-chart.js';
import { svgMap } from '../charts/svg-map.js';
import type { Fact } from '../terminal/lines.js';
import { count, duration } from '../terminal/numbers.js';
import type { TuneConfig } from './config.js';
import type { FleetReport } from './fleet.js';
import { mapOf } from './search-map.js';
import { type SearchAbout, searchCharts, searchLines, spaceLines } from './show-search.js';
import { trialColumns } from './trial-table.js';
import { metricOf, rankTrials } from './trials.js';

/** A search and what it was made of. */
export interface SearchReport extends SearchAbout {
  readonly version: string;
  /** The data and the network in words. */
  readonly data: string;
  readonly model: string;
  readonly config: TuneConfig;
  readonly result: SearchResult;
  /** The workers that trained it, if others than this process did. */
  readonly fleet?: FleetReport | undefined;
}

/** Returns a search as one page that needs nothing but itself. */
export function searchHtml(report: SearchReport): string {
  const { version, command, winner, test, data, model, config, result, fleet } = report;
  const map = mapOf(result);
  const charts = searchCharts(result).map((chart) => figure(chart.title, svgChart(chart)));
  const facts: Fact[] = [...searchLines(result, test), ['Data', data], ['Model', model], ['Adapter', result.adapter]];
  const body = `<h2>Result</h2>
${namesTable(facts)}
${winner === null ? '' : `<p>This command trains the best network alone:</p>\n<p><code>${escapeHtml(winner)}</code></p>`}
<h2>What was searched</h2>
${namesTable([...spaceLines(result), ['strategy', strategyText(result)], ['judged by', judgedBy(result)]])}
<div class="charts">
${[...(map ? [figure(capitalised(map.name), svgMap(map))] : []), ...charts].join('\n')}
</div>
<h2>Trials</h2>
<p>Training is measured while the weights change and with dropout, validation afterwards and without dropout. The gap is
validation loss − training loss.</p>
${trialTable(result, fleet)}
${fleet ? `<h2>Workers</h2>\n${workerTable(fleet)}\n` : ''}<h2>Settings</h2>
${namesTable(settingsOf(config, result))}`;
  return reportPage({
    title: `search over ${Object.keys(result.space).join(', ')}`,
    heading: 'wgrad tune',
    version,
    command,
    body,
  });
}

const capitalised = (text: string) => text[0].toUpperCase() + text.slice(1);

function strategyText({ strategy, epochs }: SearchResult): string {
  const options = Object.entries(strategy.options).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [strategy.kind, ...options, `at most ${count(epochs)} ${epochs === 1 ? 'epoch' : 'epochs'} a trial`].join(
    ', ',
  );
}

function judgedBy(result: SearchResult): string {
  const { name } = metricOf(result);
  return result.folds > 0 ? `${name}, the mean of ${count(result.folds)} folds` : name;
}

function trialTable(result: SearchResult, fleet: FleetReport | undefined): string {
  if (result.trials.length === 0) return '<p>None yet.</p>';
  const columns = trialColumns(result);
  const why = result.trials.some(({ diverged, failure }) => diverged ?? failure);
  const head = [
    ...columns.map(({ name }) => name),
    'time',
    ...(why ? ['what went wrong'] : []),
    ...(fleet ? ['trained by'] : []),
  ];
  const rows = rankTrials(result.trials).map((trial, i) => {
    const { id, seconds, diverged, failure = '' } = trial;
    const where = diverged ? `${diverged.what} at step ${count(diverged.step)}` : failure;
    const by = fleet ? [trainersText(fleet.trained[id])] : [];
    return [...columns.map(({ cell }) => cell(trial, i + 1)), duration(seconds), ...(why ? [where] : []), ...by];
  });
  return wideTable([head, ...rows]);
}

/** Returns workers by their numbers, each once. */
const trainersText = (workers: readonly number[] = []) => [...new Set(workers)].map((id) => `worker ${id}`).join(', ');

function workerTable({ workers }: FleetReport): string {
  const head = ['worker', 'machine', 'GPU', 'jobs', 'refused'];
  return wideTable([
    head,
    ...workers.map(({ id, name, adapter, jobs, refused }) => [`${id}`, name, adapter, count(jobs), refused ?? '']),
  ]);
}

/** Returns the settings that are the same for all trials. */
function settingsOf({ train, members, patience }: TuneConfig, { space, seed }: SearchResult): [string, string][] {
  return settingRows({ ...train, members, patience, seed }).filter(([name]) => !Object.hasOwn(space, name));
}
