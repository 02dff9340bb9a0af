import { copiesOf } from '../train/parked.js';
import { hyperOf, type Opening, openGroups } from './open-groups.js';
import type { Trial } from './trial.js';
import type { TrialGroup } from './trial-group.js';
import { joined, type ParkedPart } from './turns.js';

/** A piece of a search's training as plain data: trials of one architecture that have been trained equally long. */
export interface TrainingJob {
  /** As they are before it. */
  readonly trials: readonly Trial[];
  /** Epochs to train each for. */
  readonly epochs: number;
  /** The states that they go on from, by trial; one that has not been trained itself goes on from its parent's. Missing for fresh ones. */
  readonly states?: readonly ParkedPart[];
}

/** A trial after a job. */
export interface TrainedTrial {
  readonly trial: Trial;
  /** Its state; missing if it diverged. */
  readonly state?: ParkedPart;
}

/**
 * Trains the trials of a job side by side; returns them as they are then, in their order. The result is the same bits in
 * whatever company a trial is trained.
 * @throws EngineError of kind `aborted` when the search's signal is, `lost` with the device, `format` if a state is not one of
 * the model
 */
export async function trainJob(opening: Opening, { trials, epochs, states }: TrainingJob): Promise<TrainedTrial[]> {
  const [{ epochs: base }] = trials;
  const parked = states && [joined(states)];
  const [group] = await openGroups(opening, [{ key: '', trials, epochs: base, base, parked }]);
  try {
    if (trials.some(isCopy)) {
      const changes = (trial: Trial) => (isCopy(trial) ? hyperOf(opening.search, trial.config) : undefined);
      await group.replace(trials.map((trial, from) => ({ from, id: trial.id, changes: changes(trial) })));
    }
    const ended = new Map<number, TrainedTrial>();
    let running = trials;
    for (let done = 0; done < epochs && running.length > 0; done++) {
      const trained = await group.trainEpoch(running);
      running = trained.filter(({ status }) => status === 'running');
      if (running.length === trained.length) continue;
      const stopped = trained.some(({ status }) => status === 'stopped early') ? await statesOf(group) : [];
      for (const [place, trial] of trained.entries()) {
        if (trial.status === 'diverged') ended.set(trial.id, { trial });
        else if (trial.status !== 'running') ended.set(trial.id, { trial, state: stopped[place] });
      }
      const stay = trained.flatMap(({ id, status }, from) => (status === 'running' ? [{ id, from }] : []));
      if (stay.length > 0) await group.replace(stay);
    }
    const left = running.length > 0 ? await statesOf(group) : [];
    for (const [place, trial] of running.entries()) ended.set(trial.id, { trial, state: left[place] });
    return trials.flatMap(({ id }) => ended.get(id) ?? []);
  } finally {
    group.dispose();
  }
}

/** Returns true for a trial that has not been trained since it was copied from another. */
const isCopy = ({ parent, rungs }: Trial) => parent !== undefined && rungs.length === 0;

/** Returns the id of the trial whose state another goes on from: its own, or its parent's before it has been trained itself. */
export const stateOwner = (trial: Trial): number => (isCopy(trial) ? (trial.parent ?? trial.id) : trial.id);

/** Returns the state of every trial of a group. */
async function statesOf(group: TrialGroup): Promise<ParkedPart[]> {
  const { each } = group;
  const all = joined(await group.turns.park());
  return group.ids.map((_, trial) =>
    copiesOf(
      all,
      all.members.slice(trial * each, (trial + 1) * each).map((member, i) => ({ from: trial * each + i, member })),
    ),
  );
}

/**
 * Returns the network of a trial that has ended, from its state, as a trainer's file with the trial's own model; with patience
 * at its best.
 */
export async function networkFromState(
  opening: Opening,
  trial: Trial,
  state: ParkedPart,
): Promise<Uint8Array<ArrayBuffer>> {
  const { epochs } = trial;
  const { search } = opening;
  const [group] = await openGroups(opening, [{ key: '', trials: [trial], epochs, base: epochs, parked: [state] }]);
  try {
    if (search.patience !== undefined) await group.recall([0]);
    return await group.networkOf(0, search.modelOf(trial.config));
  } finally {
    group.dispose();
  }
}
