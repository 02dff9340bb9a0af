import { escapeHtml, namesTable, paragraph, reportPage, wideTable } from '../../src/cli/charts/html.js';
import type { Report as VerifyReport } from '../../src/verify.js';
import { figure, share, spreadText } from '../bench/figures.js';
import type { Report } from '../bench/report.js';
import { reportTables } from '../bench/report.js';
import type { HardwareReport } from './main.js';
import type { DeviceResult } from './measure-device.js';
import type { ProductRow } from './measure-products.js';
import type { PartRun } from './run-parts.js';

const SOFTWARE =
  '<p style="font-size: 3rem; font-weight: 800; color: #c2410c; line-height: 1.1; margin: 1rem 0">SOFTWARE</p>' +
  paragraph('A program computed all of this on the processor. No number here says anything about a GPU.');

/** Returns the page of a run. */
export function hardwarePage(report: HardwareReport): string {
  const { version, date, command, system, device, parts } = report;
  const facts: [string, string][] = [
    ['device', device.adapter],
    ['driver', String(device.info.description || device.info.device || 'not told')],
    ['host', `${device.host}, ${system.platform}`],
    ['processor', system.processor],
    ['date', date],
  ];
  const missing = parts.filter(({ status }) => status !== 'done');
  const body = [
    device.software ? SOFTWARE : '',
    namesTable(facts),
    heading('What ran'),
    wideTable(
      [
        ['part', 'how it went', 's', 'command'],
        ...parts.map(({ title, status, seconds, command: own }) => [title, status, seconds.toFixed(0), own ?? '']),
      ],
      'left',
    ),
    paragraph(
      missing.length === 0
        ? 'Nothing was left out.'
        : `Not whole: ${missing.map(({ name, status }) => `${name} (${status})`).join(', ')}. A part that is stopped shows what it had when its time was over.`,
    ),
    ...parts.filter(({ status }) => status !== 'left out').map(partHtml),
  ];
  const title = `${device.software ? 'SOFTWARE: ' : ''}${device.adapter}`;
  return reportPage({ title, heading: title, version, command, body: body.join('\n') });
}

const heading = (text: string) => `<h2>${escapeHtml(text)}</h2>`;

/** The end of what a part printed. */
const printed = (output: string) =>
  `<details><summary>output</summary><pre style="overflow-x: auto">${escapeHtml(output.slice(-6000))}</pre></details>`;

function partHtml({ name, title, result, output }: PartRun): string {
  const tables = result === null ? [] : tablesOf(name, result);
  return [heading(title), ...tables, printed(output)].join('\n');
}

function tablesOf(name: string, result: unknown): string[] {
  if (name === 'device') return [deviceTable(result as DeviceResult)];
  if (name === 'products') return [productTable((result as { rows: ProductRow[] }).rows)];
  if (name.startsWith('bench')) {
    return reportTables(result as Report).flatMap(({ title, head, rows, notes = [] }) => [
      `<h3>${escapeHtml(title)}</h3>`,
      wideTable([head, ...rows], 'left'),
      ...notes.map(paragraph),
    ]);
  }
  if (name === 'verify') return [paragraph((result as VerifyReport).verdict)];
  return []; // the others print all that there is to read
}

function deviceTable({ dispatch, multiplyAdd, copies = [], arithmetic }: DeviceResult): string {
  const rows: [string, string][] = [];
  if (dispatch) {
    rows.push(['µs a dispatch, in one pass', spreadText(dispatch.inPass)]);
    rows.push(['µs a dispatch, in a submit each', spreadText(dispatch.inSubmit)]);
  }
  if (multiplyAdd) rows.push([`GFLOP/s, ${multiplyAdd.what}`, spreadText(multiplyAdd.rate)]);
  for (const { mebibytes, rate } of copies) rows.push([`GB/s, scaled copy of ${mebibytes} MiB`, spreadText(rate)]);
  if (arithmetic) rows.push(['arithmetic', JSON.stringify(arithmetic)]);
  return namesTable(rows);
}

function productTable(rows: readonly ProductRow[]): string {
  return wideTable(
    [
      ['product', 'm x n x k', 'variant', 'ms, min / median / max', 'GFLOP/s', 'of the multiply-add peak'],
      ...rows.map(({ kernel, sizes: { m, n, k }, variant, chosen, milliseconds, gflops, ofPeak }) => [
        kernel,
        `${m} x ${n} x ${k}`,
        chosen ? `${variant}, chosen` : variant,
        spreadText(milliseconds),
        figure(gflops),
        share(ofPeak.median),
      ]),
    ],
    'left',
  );
}
