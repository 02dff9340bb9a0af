import { toOnnx } from 'wgrad';
import { type Frame, HISTORY, type Order } from '../contract/protocol.js';
import { configOf } from '../contract/state.js';
import { outputsOf } from './data/loaded-data.js';
import type { Experiment } from './experiment.js';

type What = Extract<Order, { kind: 'export' }>['what'];

/** Returns the files of an export. */
export async function exportFiles(experiment: Experiment, what: What): Promise<NonNullable<Frame['files']>> {
  const { state, data, selected } = experiment;
  const name = `wgrad-${state.data}-step-${selected.steps}`;
  if (what === 'model') {
    const bytes = new Uint8Array(await selected.trainer.save());
    return [{ name: `${name}.safetensors`, type: 'application/octet-stream', bytes }];
  }
  if (what === 'onnx') {
    const { classes, standardised } = data;
    const metadata = { data: data.title, ...(standardised && { standardised: JSON.stringify(standardised) }) };
    const bytes = await toOnnx(selected.trainer, { classes, metadata });
    return [{ name: `${name}.onnx`, type: 'application/octet-stream', bytes }];
  }
  if (what === 'config') {
    const { features } = data.train;
    const shape = { features, outputs: outputsOf(data), classes: data.classes !== undefined };
    const json = JSON.stringify(configOf(state, selected.knobs, shape), undefined, 2);
    return [textFile(`${name}.json`, 'application/json', `${json}\n`)];
  }
  return [textFile(`wgrad-${state.data}-history.csv`, 'text/csv', historyCsv(experiment))];
}

/** Returns a text as a file. */
export function textFile(name: string, type: string, text: string) {
  return { name, type, bytes: new TextEncoder().encode(text) };
}

/** Returns one line per run and measurement (RFC 4180), with the run's current knobs; a missing number is empty. */
function historyCsv({ runs }: Pick<Experiment, 'runs'>): string {
  const lines = runs.flatMap(({ knobs: { l2, dropout, learningRate }, history }, i) =>
    history.rows.map((row) => [
      i + 1,
      l2,
      dropout.join(';'),
      learningRate,
      ...row.map((v) => (Number.isNaN(v) ? '' : v)),
    ]),
  );
  return [['run', 'l2', 'dropout', 'learningRate', ...HISTORY], ...lines]
    .map((line) => `${line.join(',')}\r\n`)
    .join('');
}
