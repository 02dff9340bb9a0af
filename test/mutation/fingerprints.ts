import { createHash } from 'node:crypto';
import type { Step } from '../../src/graph/step.js';
import {
  elementBytes,
  Layout,
  type LayoutOptions,
  slotElements,
  storageBytes,
  viewOffset,
} from '../../src/plan/layout.js';
import type { Plan } from '../../src/plan/plan.js';
import { Random } from '../../src/random/random.js';
import type { KernelCase } from '../../src/verify/kernel-cases.js';
import { leavesOf } from '../../src/verify/kernels.js';
import { EIGHT_LANES } from '../plan/devices.js';
import { type PlanOptions, plan } from '../plan/plan-step.js';
import { NETWORKS, traceNetwork } from '../steps/networks.js';
import { interiorOf } from '../steps/step-run.js';

/**
 * The parts of a plan that anybody who runs it can see: texts, bindings, uniforms, grids, memory and where
 * results lie. A mutant of the planner that leaves the plans of a check as they are cannot be noticed by it.
 */
function planText(
  { dispatches, layout, scalars, words, watched, view }: Plan,
  wanted: Step,
  taps: Step['outputs'],
): string {
  const numbers = [1, 2, 3];
  const of = dispatches.map(({ wgsl, bindings, fields, title, grid, kernel, variant, reads, writes }) => [
    wgsl,
    bindings.map(({ name, storage, write }) => [name, storage === 'flags' ? storage : storage.name, write]),
    fields.map((field) => [field.name, numbers.map((members) => field.value(members))]),
    [title, grid, kernel.name, variant.name],
    [reads, writes].map((tensors) => tensors.map(({ id }) => id)),
  ]);
  const storages = layout.storages.map((storage) => [
    storage,
    elementBytes(storage),
    numbers.map((members) => [slotElements(storage, members), storageBytes(storage, members)]),
  ]);
  const ends = [
    ...wanted.updates.flatMap(({ state, value }) => [state, value]),
    ...wanted.metrics,
    ...wanted.outputs,
    ...taps,
  ];
  const places = ends.map((tensor) => {
    const at = view(tensor);
    return at && [at.storage.name, at.row, viewOffset(at)];
  });
  return JSON.stringify([of, storages, places, [...scalars].map(([leaf, slot]) => [leaf.id, slot]), words, watched]);
}

/** All plans of a check as one number; what throws is what it throws. */
function fingerprintOf(steps: Iterable<readonly [step: Step, layout: LayoutOptions, options: PlanOptions]>): string {
  const hash = createHash('sha1');
  for (const [step, layout, options] of steps) {
    try {
      hash.update(planText(plan(step, new Layout(layout), options), step, options.taps ?? []));
    } catch (error) {
      hash.update(String(error));
    }
  }
  return hash.digest('hex');
}

/** The fingerprint of a kernel's case as `verifyEngine` runs it. */
export function caseFingerprint(of: KernelCase, seed: number, quick: boolean, maxStorageBuffers: number): () => string {
  return () => {
    const random = new Random(seed);
    const fresh = Array.from({ length: quick ? 1 : 3 }, () => of.fresh(random));
    return fingerprintOf(
      [...of.shapes, ...fresh].flatMap((sizes) =>
        of.kernel.variants.flatMap(({ name }) =>
          ['two members', 'two members with own inputs'].map((arrangement) => {
            const leaves = leavesOf(of, sizes, arrangement);
            const computed = (of.computes ?? of.kernel.computes)(leaves, sizes);
            const names = Object.keys(computed).filter((each) => of.wanted?.includes(each) ?? true);
            const outputs = names.map((each) => computed[each]);
            const layout = { guards: 1, ringSlots: 1 };
            return [
              { updates: [], metrics: [], outputs },
              layout,
              { variant: name, device: EIGHT_LANES, maxStorageBuffers },
            ] as const;
          }),
        ),
      ),
    );
  };
}

/** The fingerprint of a network's training step as the tests run it. */
export function networkFingerprint(name: string, maxStorageBuffers: number): (() => string) | undefined {
  const network = NETWORKS[name];
  if (!network) return undefined;
  return () => {
    const traced = traceNetwork(network);
    const layout = { guards: 1, ringSlots: 4 };
    const taps = interiorOf(traced);
    return fingerprintOf(
      ['direct', 'broadcast', 'tiled-16', 'tiled', 'tiled-64', 'tiled-128', 'thin'].flatMap((variant) =>
        [{}, { ride: false }, { taps }, { ride: false, taps }].map(
          (options) => [traced.step, layout, { ...options, variant, device: EIGHT_LANES, maxStorageBuffers }] as const,
        ),
      ),
    );
  };
}
