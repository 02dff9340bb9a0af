import { type Engine, toOnnx } from 'wgrad';
import type { Frame, Order } from '../../contract/protocol.js';
import { configOf } from '../../contract/state.js';
import { outputsOf } from '../data/loaded-data.js';
import type { Experiment } from '../experiment.js';
import { annotationsOf } from './annotations.js';
import { codeOf } from './code.js';
import { historyCsv } from './history-csv.js';
import { predictionsCsv } from './predictions.js';
import { textFile } from './text-file.js';

type Wanted = Omit<Extract<Order, { kind: 'export' }>, 'kind'>;
type Files = NonNullable<Frame['files']>;

/** Returns the files of an export. */
export async function exportFiles(
  experiment: Experiment,
  { what, address = '' }: Wanted,
  engine: Engine,
): Promise<Files> {
  const { state, data, selected } = experiment;
  const name = `wgrad-${state.data}-step-${selected.steps}`;
  const binary = (kind: string, bytes: Uint8Array<ArrayBuffer>) => ({
    name: `${name}.${kind}`,
    type: 'application/octet-stream',
    bytes,
  });
  switch (what) {
    case 'model':
      return [binary('safetensors', new Uint8Array(await selected.network.save(annotationsOf(data))))];
    case 'onnx':
      return [binary('onnx', await toOnnx(await selected.trainer(), annotationsOf(data)))];
    case 'code': {
      const [model] = await exportFiles(experiment, { what: 'model' }, engine);
      return [model, textFile(`${name}.mjs`, 'text/javascript', codeOf(model.name, data))];
    }
    case 'config': {
      const { features } = data.train;
      const shape = { features, outputs: outputsOf(data), classes: data.classes !== undefined };
      const json = JSON.stringify(configOf(state, selected.knobs, shape), undefined, 2);
      return [textFile(`${name}.json`, 'application/json', `${json}\n`)];
    }
    case 'predictions':
      return [textFile(`${name}-predictions.csv`, 'text/csv', await predictionsCsv(experiment, engine))];
    case 'history':
      return [textFile(`wgrad-${state.data}-history.csv`, 'text/csv', historyCsv(experiment, address))];
  }
}
