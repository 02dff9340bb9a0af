import { checkBoolean, checkOptions } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import type { Training } from '../nn/traced-model.js';
import {
  ANNOTATION_OPTIONS,
  type AnnotationOptions,
  type Annotations,
  annotationsWith,
  writeAnnotations,
} from './annotations.js';
import { describeTraining, type StoredState, writeCheckpoint, writeModel } from './checkpoint.js';
import type { Member, Position } from './member.js';
import { whyNotSavable } from './savable.js';
import type { Session, ShapedStates } from './session.js';

/** Options of `save`. */
export interface SaveOptions extends AnnotationOptions {
  /** True: without optimiser states and the place in the data, for `loadModel` alone. A third of the bytes with Adam. Default false. */
  weightsOnly?: boolean | undefined;
}

/** A member of a training as it stands. */
interface Standing extends Member {
  readonly training: Training;
  readonly steps: number;
  readonly position: Position;
  readonly states: ShapedStates;
}

/**
 * Returns the file of a member. @param kept the annotations that stay where the options have none
 * @param activationKinds those of src/nn/activations.ts. A page has its script, and imported here it would cost 1.1 kB more
 * @throws TypeError or RangeError naming an option that is wrong; EngineError of kind `unsupported` naming the part of the
 * model that a file cannot hold
 */
export function fileOf(
  session: Session,
  { training, seed, shuffleSeed, steps, position, hyper, states }: Standing,
  options: SaveOptions,
  kept: Annotations,
  activationKinds: readonly string[],
): Uint8Array<ArrayBuffer> {
  const where = 'save';
  checkOptions(where, options, ['weightsOnly', ...ANNOTATION_OPTIONS]);
  const { weightsOnly = false } = options;
  checkBoolean(where, 'weightsOnly', weightsOnly);
  const of = { ...session.options, outputs: session.compiled.outputs };
  const annotations = annotationsWith(where, kept, options, of);
  const fault = whyNotSavable(training, activationKinds);
  if (fault !== undefined) {
    const message = `${where}: loadTrainer could not make this model again: ${fault}; weights() returns the parameters`;
    throw new EngineError('unsupported', message);
  }
  const config = describeTraining(training, session.options);
  const entries = writeAnnotations(annotations);
  const model = { config, seed, steps, hyper, states, entries };
  if (!weightsOnly) return writeCheckpoint({ ...model, shuffleSeed, position });
  const used = [...session.model.parameters, ...session.model.layerStates].map(({ name }) => name);
  const averages = new Map(session.model.parameters.map((each) => [each.name, session.model.averageOf(each)]));
  const weights = new Map<string, StoredState>();
  for (const name of used) {
    const state = states.get(averages.get(name) ?? name) ?? states.get(name);
    if (state) weights.set(name, state);
  }
  return writeModel({ ...model, states: weights });
}
