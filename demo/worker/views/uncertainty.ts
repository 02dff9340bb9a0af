import { predictSamples } from 'wgrad';
import type { ViewFacts } from '../../contract/view-facts.js';
import { worker as words } from '../../words/words.js';
import type { Experiment } from '../experiment.js';
import { lineOf, placesOf, reachOf } from './reach.js';
import { argmax, softmax } from './softmax.js';
import { spread } from './spread.js';

const GRID = { columns: 32, rows: 24 };
const LINE = 120;

/** Returns the mean and the spread of the selected run's answers with dropout on. */
export async function uncertainty(
  { data, selected }: Experiment,
  samples: number,
  drawing?: Float32Array,
): Promise<ViewFacts> {
  const { features, outputs } = data.train;
  const classes = data.classes?.length;
  const { id: run, knobs, steps: step } = selected;
  if (knobs.dropout.every((p) => p === 0)) return { kind: 'none', why: words.dropoutOff };
  const sample = async (x: Float32Array) => predictSamples(await selected.trainer(), x, { samples, step });
  const sampleClasses = async (x: Float32Array, k: number) => (await sample(x)).map((logits) => softmax(logits, k));

  if (data.image && classes) {
    if (drawing?.length !== features) return { kind: 'none', why: words.drawDigit };
    const { mean, deviation } = spread(await sampleClasses(drawing, classes));
    return { kind: 'uncertain digit', run, samples, mean, deviation, entropy: entropyOf(mean) };
  }
  if (features === 2 && classes) {
    const { columns, rows } = GRID;
    const reach = reachOf(data);
    const { mean, deviation } = spread(await sampleClasses(placesOf(reach, columns, rows), classes));
    const places = Array.from({ length: columns * rows }, (_, i) => mean.subarray(i * classes, (i + 1) * classes));
    const winner = Uint8Array.from(places, argmax);
    return {
      kind: 'uncertain plane',
      run,
      samples,
      columns,
      rows,
      reach,
      winner,
      mean: Float32Array.from(winner, (best, i) => mean[i * classes + best]),
      deviation: Float32Array.from(winner, (best, i) => deviation[i * classes + best]),
      entropy: Float32Array.from(places, entropyOf),
    };
  }
  if (features === 1 && !classes && outputs === 1) {
    const x = lineOf(data, LINE);
    return { kind: 'uncertain line', run, samples, x, ...spread(await sample(x)) };
  }
  return { kind: 'none', why: words.fewFeatures };
}

/** Returns the entropy in bits. */
function entropyOf(probabilities: Float32Array): number {
  return probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log2(p) : sum), 0);
}
