import type { Step } from '../graph/step.js';
import type { Model } from '../nn/layer.js';
import { TracedModel } from '../nn/traced-model.js';
import type { Tensor } from '../ops/tensor.js';
import type { CheckedOptions } from './trainer-options.js';

/** A model on symbolic tensors, the inputs of its batch, and a step on them. */
export interface TracedTraining {
  readonly model: TracedModel;
  readonly x: Tensor;
  readonly y: Tensor;
  /** Columns of what the model puts out. */
  readonly outputs: number;
  readonly step: Step;
}

/** Traces one step of training; with `ownOrder` every member has batches of its own. @throws RangeError naming `where` if there is nothing to train */
export function traceTraining(where: string, model: Model, options: CheckedOptions, ownOrder = false): TracedTraining {
  const { features, batchSize, loss, optimizer, regularizer } = options;
  const traced = new TracedModel({ model, loss, optimizer, regularizer, ownOrder });
  const x = traced.input('x', batchSize, features, 'f32', { perMember: ownOrder });
  const outputs = traced.output(x, true).cols;
  const classes = loss.targets === 'classes';
  const y = classes
    ? traced.input('labels', batchSize, 1, 'u32', { perMember: ownOrder })
    : traced.input('targets', batchSize, outputs, 'f32', { perMember: ownOrder });
  const step = traced.step({ x, y });
  if (traced.parameters.length > 0) return { model: traced, x, y, outputs, step };
  throw new RangeError(`${where}: the model has nothing to train; it needs a layer such as dense(10)`);
}
