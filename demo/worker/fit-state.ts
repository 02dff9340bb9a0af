import type { Engine } from 'wgrad';
import { LIMITS, mostExamples, type RunState, type State } from '../contract/state.js';
import { same } from './reconcile.js';

/** Largest values that a state may ask for. */
export interface Room {
  readonly examples: number;
  readonly units: number;
  readonly batch: number;
}

/** Room on the CPU reference: what it trains while a person watches. */
const REFERENCE_ROOM: Room = { examples: 500, units: 32, batch: 32 };

/** Returns the room on an engine for examples of so many inputs, which lie in one buffer. */
export function roomOn({ device }: Engine, { features }: { readonly features: number } = { features: 1 }): Room {
  if (!device) return REFERENCE_ROOM;
  const { maxStorageBufferBindingSize, maxBufferSize } = device.limits;
  const bytes = Math.min(maxStorageBufferBindingSize, maxBufferSize);
  const examples = Math.floor(bytes / (Float32Array.BYTES_PER_ELEMENT * features));
  return { examples, units: LIMITS.units.max, batch: LIMITS.batch.max };
}

/**
 * Returns the state, or a similar one that fits: no batch above the data, a dropout rate for every hidden layer, a
 * selected run that exists, and nothing beyond the room.
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

/** Returns the knobs with a rate for every layer; a missing one is that of the layer before. */
function withRates(knobs: RunState, layers: number): RunState {
  if (knobs.dropout.length === layers) return knobs;
  const { dropout } = knobs;
  return { ...knobs, dropout: Array.from({ length: layers }, (_, i) => dropout[i] ?? dropout.at(-1) ?? 0) };
}
