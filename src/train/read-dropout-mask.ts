import { checkNumber, checkOptions } from '../errors/arguments.js';
import { dropoutLayersOf } from './dropout-layers.js';
import { MaskReader } from './mask-reader.js';
import type { Session } from './session.js';
import { sessionOf, type Trainer } from './trainer.js';

/** Which mask to read. */
export interface ReadDropoutMaskOptions {
  /** The dropout layer, counted from 0. */
  layer: number;
  /** Optimiser steps before the one whose mask it is. Default: those before the last step taken, or 0. */
  step?: number;
}

/** What a dropout layer keeps of a batch. */
export interface DropoutMask {
  readonly layer: number;
  readonly step: number;
  /** Rows of the batch, and columns of the layer. */
  readonly rows: number;
  readonly cols: number;
  /** The probability of dropping an element: the layer's rate as it is now. */
  readonly rate: number;
  /** [rows, cols]: 1 where an element is kept, 0 where it is dropped. */
  readonly kept: Uint8Array;
}

const readers = new WeakMap<Session, Promise<MaskReader>>();

/**
 * The mask that a dropout layer draws in a step of training, read back from the kernel that draws it: the trainer's own
 * program runs up to that layer, on memory of its own and on numbers in which nothing but what is dropped is 0. Training
 * is not touched. The first call plans the program once more and takes the memory of a trainer without a kept state; later
 * ones compile nothing; all of it is freed with the trainer.
 * @throws RangeError if the model has no dropout layer, TypeError or RangeError naming an option that is wrong;
 * EngineError of kind `unsupported` if a layer that is not this library's makes what enters the dropout layer 0
 */
export async function readDropoutMask(trainer: Trainer, options: ReadDropoutMaskOptions): Promise<DropoutMask> {
  const where = 'readDropoutMask';
  const session = sessionOf(trainer);
  session.check();
  checkOptions(where, options, ['layer', 'step']);
  const layers = dropoutLayersOf(where, session);
  const layer = checkNumber(where, 'layer', options.layer, { min: 0, max: layers.length - 1, integer: true });
  const last = Math.max(session.steps - 1, 0);
  const step = checkNumber(where, 'step', options.step ?? last, { min: 0, max: 0xffffffff, integer: true });
  const rate = session.members[0].hyper[`dropout.${layer}`];
  const { rows, cols } = layers[layer];
  const reader = await readerOf(session);
  const kept = await reader.read(layer, step, rate);
  session.check();
  return { layer, step, rows, cols, rate, kept };
}

function readerOf(session: Session): Promise<MaskReader> {
  const known = readers.get(session);
  if (known) return known;
  const made = MaskReader.create(session);
  readers.set(session, made);
  made.catch(() => readers.delete(session));
  return made;
}
