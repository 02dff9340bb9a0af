import fc from 'fast-check';
import type { Order } from '../../demo/contract/protocol.js';
import type { Knobs, RunState, State } from '../../demo/contract/state.js';
import { stateOf } from '../demo/some-state.js';
import { SomeWorker } from '../demo/some-worker.js';
import { CASES, law } from './law.js';

/** A deed of a visitor; places are taken modulo the number of runs. */
type Deed =
  | { kind: 'turn'; place: number; knobs: Knobs }
  | { kind: 'add'; knobs: Knobs }
  | { kind: 'remove' | 'select'; place: number }
  | { kind: 'train'; steps: number }
  | { kind: 'order'; order: Order };

const place = fc.nat({ max: 7 });
const knobs = fc.record({
  l2: fc.constantFrom(0, 0.01, 1),
  dropout: fc.constantFrom([0], [0.3], [0.8]),
  learningRate: fc.constantFrom(0.003, 0.03, 10), // with the last one, runs on 'sine' diverge
});
const orders = fc.constantFrom<Order>(
  { kind: 'pause' },
  { kind: 'step' },
  { kind: 'reset' },
  { kind: 'lose device' },
  { kind: 'view', view: { kind: 'answer', network: true } },
  { kind: 'view', view: { kind: 'mask', layer: 0 } },
  { kind: 'view', view: { kind: 'uncertainty', samples: 4 } },
  { kind: 'view', view: { kind: 'weights' } },
);
const deed = fc.oneof(
  fc.record({ kind: fc.constant('turn' as const), place, knobs }),
  fc.record({ kind: fc.constant('add' as const), knobs }),
  fc.record({ kind: fc.constantFrom('remove' as const, 'select' as const), place }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('order' as const), order: orders }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('train' as const), steps: fc.integer({ min: 1, max: 12 }) }) },
);
const deeds = fc.array(fc.record({ deed, milliseconds: fc.nat({ max: 50 }) }), { minLength: 10, maxLength: 30 });
const start = fc.record({
  data: fc.constantFrom('moons' as const, 'sine' as const),
  runs: fc.array(knobs, { minLength: 1, maxLength: 4 }),
});

/** Returns the runs after a deed; the identities of new ones count on from `next`. */
function runsAfter({ runs }: State, deed: Deed, next: number): readonly RunState[] {
  const at = (place: number) => place % runs.length;
  if (deed.kind === 'turn') return runs.map((run, i) => (i === at(deed.place) ? { ...run, ...deed.knobs } : run));
  if (deed.kind === 'add' && runs.length < 4) return [...runs, { ...deed.knobs, id: next }];
  if (deed.kind === 'remove' && runs.length > 1) return runs.filter((_, i) => i !== at(deed.place));
  return runs;
}

law(
  'whatever a visitor does, the page says no error and all its runs settle',
  fc.tuple(start, deeds),
  async ([{ runs: first, ...rest }, all]) => {
    const worker = new SomeWorker();
    let state: State = { ...stateOf([8], ...first), ...rest, activation: 'relu', optimizer: 'sgd' };
    let next = 1 + first.length;
    worker.tell({ kind: 'state', state }, { kind: 'play' });
    for (const { deed, milliseconds } of all) {
      if (deed.kind === 'order') worker.tell(deed.order);
      else if (deed.kind === 'train') {
        const before = new Map(worker.facts.runs?.map(({ id, steps }) => [id, steps]));
        worker.tell({ kind: 'play' });
        await worker.until(
          ({ runs = [], problem }) =>
            problem ||
            (worker.hasObeyed &&
              runs.every(({ id, steps, diverged }) => diverged || steps >= (before.get(id) ?? 0) + deed.steps)),
        );
      } else {
        const runs = runsAfter(state, deed, next++);
        const selected = deed.kind === 'select' ? deed.place % runs.length : Math.min(state.selected, runs.length - 1);
        state = { ...state, runs, selected };
        worker.tell({ kind: 'state', state });
      }
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
    }
    worker.tell({ kind: 'pause' });
    const ids = state.runs.map(({ id }) => id);
    await worker.until(
      ({ runs = [], problem }) =>
        problem ||
        (worker.hasObeyed && ids.every((id, i) => runs[i]?.id === id) && runs.every(({ hash }) => hash !== undefined)),
    );
    return worker.frames.flatMap(({ problem }) => problem || []);
  },
  undefined,
  Math.ceil(CASES / 20),
);
