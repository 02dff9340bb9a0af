import { type Numbers, readInputs } from '../data/matrix.js';
import { checkNumber, checkOptions } from '../errors/arguments.js';
import { hostOf } from '../graph/step.js';
import { maskRateName } from '../nn/dropout-rate.js';
import { constant, dropout, expand, scalar, type Tensor } from '../ops/index.js';
import { makeOncePer } from '../promises/make-once.js';
import { compileOutputs, NOT_RANDOM, type Outputs, runOnRows } from './predict.js';
import type { Session } from './session.js';
import { sessionOf, type Trainer } from './trainer.js';

/** Names the mask to read. */
export interface ReadDropoutMaskOptions {
  /** The layer with masks (dropout, alphaDropout, dropConnect), counted from 0. */
  layer: number;
  /** Optimiser steps before the one whose mask it is. Default: those before the last step taken, or 0. */
  step?: number | undefined;
}

/** The mask of a dropout layer for a batch. */
export interface DropoutMask {
  readonly layer: number;
  readonly step: number;
  /** Rows of the batch, and columns of the layer; those of the weights for dropConnect. */
  readonly rows: number;
  readonly cols: number;
  /** The probability of dropping an element: the layer's rate at that step. */
  readonly rate: number;
  /** 1 where an element is kept, 0 where it is dropped; shape [rows, cols]. */
  readonly kept: Uint8Array;
}

/** The programs that draw masks, by output of a dropout layer. */
const programs = new WeakMap<Tensor, Promise<Outputs>>();

/**
 * Returns the mask that a dropout layer draws in a step of training, read back from the engine: a program of one op applies
 * dropout to ones, with the layer's own source of randomness. Training is not touched. The first call for a layer compiles
 * its program, which is freed with the trainer.
 * @throws RangeError if the model has no dropout layer, TypeError or RangeError naming an option that is wrong
 */
export async function readDropoutMask(trainer: Trainer, options: ReadDropoutMaskOptions): Promise<DropoutMask> {
  const where = 'readDropoutMask';
  const session = sessionOf(trainer);
  session.check();
  checkOptions(where, options, ['layer', 'step']);
  const layers = dropoutLayersOf(where, session);
  const layer = checkNumber(where, 'layer', options.layer, { min: 0, max: layers.length - 1, integer: true });
  const last = Math.max(session.ledger.steps - 1, 0);
  const step = checkNumber(where, 'step', options.step ?? last, { min: 0, max: 0xffffffff, integer: true });
  const { rows, cols } = layers[layer];
  const contexts = [session.context(step, 0, rows)];
  const { trace, scalars } = session.model;
  const [rate] = hostOf(scalar(trace, maskRateName(layer)), scalars)(contexts[0]);
  const { program, output } = await makeOncePer(programs, layers[layer], () =>
    compileMask(session, layers[layer], layer),
  );
  const [[values]] = await program.collect([contexts], output);
  session.check();
  return { layer, step, rows, cols, rate, kept: Uint8Array.from(values, (value) => (value === 0 ? 0 : 1)) };
}

async function compileMask({ model, executor }: Session, dropped: Tensor, layer: number): Promise<Outputs> {
  const output = dropout(expand(constant(model.trace, 1), dropped), dropped.inputs[1]);
  const step = { updates: [], metrics: [], outputs: [output] };
  return { program: await executor.compile(step, model.scalars, { ring: `mask ${layer}` }), output };
}

/**
 * Returns what a model's masks are applied to in training, by layer: outputs [batch, cols], or weights.
 * @throws RangeError naming `where` if it has none
 */
function dropoutLayersOf(where: string, { model, compiled }: Session): Tensor[] {
  const layers = model.dropouts(compiled.x);
  if (layers.length === 0) throw new RangeError(`${where}: the model has no dropout layer`);
  return layers;
}

/** Options of `predictSamples`. */
export interface PredictSamplesOptions {
  /** The number of samples, each with masks of its own. */
  samples: number;
  /** The step whose masks they are. Default: the steps taken so far. */
  step?: number | undefined;
}

/** The programs that compute outputs with dropout, by session. */
const compiled = new WeakMap<Session, Promise<Outputs>>();

/**
 * Returns samples of the model's outputs with dropout and other random layers at work, each [rows, outputs], tight, for x
 * [rows, features]; logits where the loss takes logits. Their mean estimates the output, their spread its uncertainty. All samples use the
 * parameters at the time of the call. Masks follow the contract of randomness: sample i, from 0, counts as sample i + 1,
 * and rows count in x, so the batch size changes no mask. Source: Gal and Ghahramani (2016).
 * @throws RangeError if the model has no random layer, since all samples would be the same; TypeError, RangeError or
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
  const data = readInputs(where, x, session.options.features);
  if (!session.model.isRandom) throw new RangeError(`${where}: ${NOT_RANDOM}`);
  const outputs = await makeOncePer(compiled, session, () => compileOutputs(session, true, 'samples'));
  const counts = Array.from({ length: samples }, (_, i) => i + 1);
  const results = await runOnRows(session, outputs, data, step, counts);
  return results.map(([own]) => own);
}
