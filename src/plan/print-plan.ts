import { live } from '../graph/step.js';
import { constantOp, leafName, scalarOp, stateOp, type Tensor } from '../ops/index.js';
import { type Storage, storageBytes, type View } from './layout.js';
import type { Dispatch, Plan } from './plan.js';

/**
 * Returns a plan as text for people and tests. First its dispatches, one a line: number, kernel and what rides on it,
 * workgroups, what is read from memory, what is written. `w'` is the next value of the state or input w, `relu%7` what
 * the op relu makes, tensor 7 of those that the layout holds; scalars of the step table and constants are left out. Then the memory of the whole
 * layout, one storage a line: name, kind, each member's own or shared, [rows, columns] with pads, bytes of one member.
 */
export function printPlan(plan: Plan): string {
  const states = statesByView(plan);
  const dispatches = plan.dispatches.map((dispatch, i) => {
    const { title, grid, reads } = dispatch;
    const read = reads
      .filter(({ op }) => op !== scalarOp && op !== constantOp)
      .map((tensor) => plan.layout.nameOf(tensor));
    const written = writesOf(plan, dispatch, states);
    return `${i} ${title} | ${grid.join('x')} | reads ${read.join(' ') || 'nothing'} | writes ${written.join(' ')}`;
  });
  return [...dispatches, '', ...align(plan.layout.storages.map(cellsOf))].join('\n');
}

/** Returns the states of a plan by their places. */
function statesByView({ dispatches, layout }: Plan): ReadonlyMap<View, Tensor> {
  const found = new Map<View, Tensor>();
  for (const tensor of live(dispatches.flatMap(({ reads, writes }) => [...reads, ...writes]))) {
    const view = tensor.op === stateOp ? layout.find(tensor) : undefined;
    if (view) found.set(view, tensor);
  }
  return found;
}

function writesOf(plan: Plan, { writes }: Dispatch, states: ReadonlyMap<View, Tensor>): string[] {
  return writes.map((tensor) => {
    const view = plan.view(tensor);
    const state = view && states.get(view);
    if (state) return `${leafName(state)}'`;
    return view?.storage.kind === 'input' ? `${view.storage.name}'` : plan.layout.nameOf(tensor);
  });
}

function cellsOf(storage: Storage): string[] {
  const { name, kind, perMember, rows, stride, format, slots } = storage;
  const shape = `${format} [${rows}, ${format === 'u32' ? stride : stride * 4}]${slots > 1 ? ` x ${slots} steps` : ''}`;
  return [name, kind, perMember ? 'own' : 'shared', shape, `${storageBytes(storage, 1)} bytes`];
}

/** Returns rows of text with their cells aligned. */
function align(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column].length));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  );
}
