import type { Engine } from 'wgrad';
import { type Knobs, LIMITS, mostExamples, type State } from '../contract/state.js';
import { same } from './reconcile.js';

/** What a state may ask for. */
export interface Room {
  readonly examples: number;
  readonly units: number;
  readonly batch: number;
}

/** Of the CPU reference: what it trains while one watches. */
const REFERENCE_ROOM: Room = { examples: 500, units: 32, batch: 32 };
const GPU_ROOM: Room = { examples: LIMITS.examples.max, units: LIMITS.units.max, batch: LIMITS.batch.max };

/** What there is room for on an engine. @param examples that there are to learn from */
export function roomOn({ info }: Engine, examples: number = LIMITS.examples.max): Room {
  const room = info.backend === 'webgpu' ? GPU_ROOM : REFERENCE_ROOM;
  return { ...room, examples: Math.min(room.examples, examples) };
}

/**
 * Returns the state, or one like it that fits: a batch is no larger than the data, there is a dropout rate for every hidden
 * layer, the selected run exists, nothing is larger than there is room for.
 */
export function fitState(state: State, room: Room): State {
  const examples = Math.min(state.examples, mostExamples(state.data), room.examples);
  const hidden = state.hidden.map((units) => Math.min(units, room.units));
  const fitted: State = {
    ...state,
    examples,
    hidden,
    batch: Math.min(state.batch, examples, room.batch),
    runs: state.runs.map((knobs) => withRates(knobs, hidden.length)),
    selected: Math.min(state.selected, state.runs.length - 1),
  };
  return same(state, fitted) ? state : fitted;
}

/** A layer that has no rate gets that of the layer before. */
function withRates(knobs: Knobs, layers: number): Knobs {
  if (knobs.dropout.length === layers) return knobs;
  const { dropout } = knobs;
  return { ...knobs, dropout: Array.from({ length: layers }, (_, i) => dropout[i] ?? dropout.at(-1) ?? 0) };
}
