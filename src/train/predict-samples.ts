import { type Numbers, readMatrix } from '../data/matrix.js';
import { checkNumber, checkOptions } from '../errors/arguments.js';
import { makeOncePer } from '../promises/make-once.js';
import { compileOutputs, type Outputs, runOnRows } from './predict.js';
import { dropoutLayersOf } from './read-dropout-mask.js';
import type { Session } from './session.js';
import { sessionOf, type Trainer } from './trainer.js';

/** Options of `predictSamples`. */
export interface PredictSamplesOptions {
  /** The number of samples, each with masks of its own. */
  samples: number;
  /** The step whose masks they are. Default: the steps taken so far. */
  step?: number;
}

/** The programs that compute outputs with dropout, by session. */
const compiled = new WeakMap<Session, Promise<Outputs>>();

/**
 * Returns samples of the model's outputs with dropout at work, each [rows, outputs] for x [rows, features], tight; logits
 * where the loss takes logits. Their mean estimates the output, their spread its uncertainty. All samples use the
 * parameters at the time of the call. Masks follow the contract of randomness: sample i, from 0, counts as sample i + 1,
 * and rows count in x, so the batch size changes no mask. Source: Gal and Ghahramani (2016).
 * @throws RangeError if the model has no dropout layer, since all samples would be the same; TypeError, RangeError or
 * EngineError of kind `data` if x is no array of finite numbers, or an option is wrong
 */
export async function predictSamples(
  trainer: Trainer,
  x: Numbers,
  options: PredictSamplesOptions,
): Promise<Float32Array[]> {
  const where = 'predictSamples';
  const session = sessionOf(trainer);
  session.check();
  checkOptions(where, options, ['samples', 'step']);
  const word = { max: 0xffffffff, integer: true };
  const samples = checkNumber(where, 'samples', options.samples, { ...word, min: 1 });
  const step = checkNumber(where, 'step', options.step ?? session.ledger.steps, { ...word, min: 0 });
  const types = 'a Float32Array, an array of numbers or an array of rows';
  const { features: columns } = session.options;
  const { data } = readMatrix(x, { where, name: 'x', columnsName: 'features', columns, types });
  dropoutLayersOf(where, session);
  const outputs = await makeOncePer(compiled, session, () => compileOutputs(session, true, 'samples'));
  const counts = Array.from({ length: samples }, (_, i) => i + 1);
  const results = await runOnRows(session, outputs, data, step, counts);
  return results.map(([own]) => own);
}
