import type { Environment } from './environment.js';
import { type Check, callText, type Report, SECTIONS, usedText } from './report.js';

const TITLES = {
  randomness: 'Randomness: bits of the training kernels against Philox on the host',
  kernels: 'Kernels: each alone against float64, within derived bounds, twice with the same bits',
  gradients: 'Gradients: of the training step against float64, float64 against central differences',
  steps: 'Steps: every tensor of a training step against float64 from the same state',
};

/** Returns a report as text. */
export function reportText(report: Omit<Report, 'toString'>): string {
  const { environment, checks, verdict, seed, seconds } = report;
  const lines = ['Environment', ...environmentLines(environment)];
  for (const section of SECTIONS) {
    const own = checks.filter((check) => check.section === section);
    if (own.length)
      lines.push('', TITLES[section], ...align(own.map(cells)).flatMap((line, i) => [line, ...details(own[i])]));
  }
  lines.push('', `seed ${seed}, ${seconds.toFixed(1)} s`, verdict);
  return lines.join('\n');
}

function environmentLines(environment: Environment): string[] {
  const { adapter, device, description, software, host, features, limits, arithmetic, variantsAgree, date } =
    environment;
  const { fusesMultiplyAdd, roundsToNearest, keepsSubnormals, comparesNan, maxKeepsNan } = arithmetic;
  const { differenceMakesNan, productKeepsNan } = arithmetic;
  const facts = [
    fusesMultiplyAdd ? 'multiply-add is fused' : 'multiply-add is not fused',
    roundsToNearest ? 'rounds to nearest' : 'does not always round to nearest',
    keepsSubnormals ? 'keeps subnormals' : 'flushes subnormals',
    ...(variantsAgree === null ? [] : [`variants of kernels ${variantsAgree ? 'agree' : 'differ'} in their bits`]),
  ];
  const nan = [
    `NaN != NaN ${comparesNan ? 'holds' : 'fails'}`,
    `max(NaN, 0) is ${maxKeepsNan ? 'NaN' : '0'}`,
    `Inf - Inf is ${differenceMakesNan ? 'NaN' : 'a number'}`,
    `NaN * 0 is ${productKeepsNan ? 'NaN' : 'a number'}`,
  ];
  const driver = [device, description].filter((text) => text && !adapter.includes(text)).join(', ');
  return [
    `  adapter     ${adapter}${driver ? ` (${driver})` : ''}${software ? ', software' : ''}`,
    `  host        ${host}`,
    `  features    ${features.join(' ') || 'none'}`,
    ...Object.entries(limits).map(([name, value], i) => `${i ? '              ' : '  limits      '}${name} ${value}`),
    `  arithmetic  ${facts.join('; ')}`,
    `              ${nan.join('; ')}`,
    `  date        ${date}`,
  ];
}

/** The cells of a check's line: passed or not, name, elements compared, largest error. */
function cells({ passed, name, compared, worst }: Check): string[] {
  const mark = passed ? '  ok  ' : '  FAIL';
  return [
    mark,
    name,
    compared.toLocaleString('en'),
    worst && worst.used !== 0 ? `${usedText(worst.used)} at ${worst.where}` : passed ? 'exact' : 'wrong',
  ];
}

/** The lines after a check's own line. */
function details({ notes, problems, passed, repeat }: Check): string[] {
  const shown = problems.slice(0, 5);
  const more = problems.length - shown.length;
  return [
    ...notes.map((note) => `          ${note}`),
    ...shown.map((problem) => `          ${problem}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
    ...(passed ? [] : [`          again: ${callText(repeat)}`]),
  ];
}

/** Cells under one another; the third column is a number. */
function align(rows: readonly string[][]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(
    ([mark, name, count, rest]) => `${mark} ${name.padEnd(widths[1])}  ${count.padStart(widths[2])}  ${rest}`,
  );
}
