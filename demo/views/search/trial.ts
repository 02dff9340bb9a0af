import type { SearchFacts } from '../../contract/protocol.js';
import { canvas, element, write } from '../../page/element.js';
import { loss, percent } from '../../page/figures.js';
import { search as words } from '../../words/words.js';
import { fillTrialTable } from '../curves/chart-table.js';
import { type ChartPlan, drawPlot } from '../draw/plot.js';
import { sheetOf } from '../draw/sheet.js';
import { settingOf } from './search-map.js';

/** Lines for training and validation loss, as in the charts of the runs. */
const PLAN: ChartPlan = {
  lines: [
    { colour: 'ink', width: 1.25 },
    { colour: 'ink', width: 1.75, dash: [6, 4] },
  ],
};

/** Shows a cell's training and validation loss by epoch. */
export function showTrial({ trials }: SearchFacts, cell: number): void {
  const trial = trials[cell];
  const { status, epochs } = trial;
  write('trial-title', settingOf(trial));
  const last = epochs.at(-1);
  const accuracy = last && !Number.isNaN(last[2]) ? percent(last[2]) : '';
  const said = words.status[status];
  write('trial-facts', last ? words.trial(said, loss(last[1]), accuracy, loss(last[1] - last[0])) : said);
  fillTrialTable(element('trial-table', HTMLDetailsElement), trial);
  const sheet = sheetOf(canvas('trial-canvas'));
  if (!sheet || epochs.length === 0) return;
  const line = (measure: 0 | 1) =>
    epochs.map((measured) => (Number.isFinite(measured[measure]) ? measured[measure] : null));
  drawPlot(sheet, PLAN, [epochs.map((_, epoch) => epoch + 1), line(0), line(1)]);
}
