import type { Engine } from '../../index.js';
import type { Chart } from '../charts/scale.js';
import { terminalChart } from '../charts/terminal-chart.js';
import { packageVersion } from '../package-version.js';
import { count } from '../terminal/numbers.js';
import type { Terminal } from '../terminal/terminal.js';
import { wrap } from '../terminal/wrap.js';
import type { TrainConfig } from './config.js';
import type { TrainingData } from './data.js';
import { describeModel, describeTraining } from './describe-config.js';
import { outputsOf, parameterCount } from './model.js';
import { chartsOf, resultLines } from './result-lines.js';
import type { RunResult } from './run-result.js';

/** Charts are not drawn wider than this. */
const CHART_WIDTH = 76;
/** Columns of the names before facts. */
const NAME_WIDTH = 13;

/** Says what is about to be trained, where and how. */
export function showStart(
  terminal: Terminal,
  { info }: Engine,
  config: TrainConfig,
  { train, about }: TrainingData,
): void {
  const outputs = outputsOf(train);
  const parameters = count(parameterCount(config, train.features, outputs));
  writeFacts(terminal, [
    [`wgrad ${packageVersion()}`, `training on ${whereOf(info)}`],
    ['Data', about],
    ['Model', `${describeModel(config, train.features, outputs)}: ${parameters} parameters`],
    ['Training', describeTraining(config, train.classes !== undefined)],
  ]);
  terminal.write('\n');
}

/** Who computes, for a person. */
export const whereOf = ({ backend, software, adapter }: Engine['info']) =>
  backend === 'webgpu' && software ? `${adapter}, software` : adapter;

/** Shows how a run went, where it stands if it was stopped, and what was written. */
export function showResult(
  terminal: Terminal,
  result: RunResult,
  stopped: string | undefined,
  written: readonly string[],
): void {
  writeCharts(terminal, chartsOf(result));
  terminal.write('\n');
  if (stopped !== undefined) terminal.write(`${stopped}\n`);
  const files: [string, string][] = written.length > 0 ? [['Written', written.join(', ')]] : [];
  writeFacts(terminal, [...resultLines(result), ...files]);
  writeCommand(terminal, 'Again', result.command);
}

/** Writes charts, an empty line before each. */
export function writeCharts(terminal: Terminal, charts: readonly Chart[]): void {
  const width = Math.min(terminal.columns, CHART_WIDTH);
  for (const chart of charts) terminal.write(`\n${terminalChart(chart, width, terminal.color).join('\n')}\n`);
}

/** Writes a command beside its name, not broken into lines: it is there to be copied. */
export function writeCommand(terminal: Terminal, name: string, command: string): void {
  terminal.write(`${name.padEnd(NAME_WIDTH)}${command}\n`);
}

/** Writes names with what they stand for beside them, in lines that fit. */
export function writeFacts(terminal: Terminal, facts: readonly (readonly [name: string, value: string])[]): void {
  for (const [name, value] of facts) {
    const lines = wrap(value, terminal.columns - NAME_WIDTH);
    terminal.write(`${name.padEnd(NAME_WIDTH)}${lines.join(`\n${' '.repeat(NAME_WIDTH)}`)}\n`);
  }
}
