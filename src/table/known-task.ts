import { EngineError } from '../errors/engine-error.js';
import type { TableColumn } from './column.js';
import { unusedColumns } from './gaps.js';
import { listOf } from './header.js';
import type { Preparation } from './preparation.js';
import type { Table } from './table.js';
import type { TableTask } from './task.js';

/**
 * Returns what a model of this preparation learns from a table, whose columns may stand in any order.
 * @throws EngineError of kind `data` naming all columns that are missing
 */
export function knownTask(table: Table, { features, target }: Preparation): TableTask {
  const { columns } = table;
  const byName = new Map(columns.map((column) => [column.name, column]));
  const names = [...features.map(({ name }) => name), target.name];
  const missing = names.filter((name) => !byName.has(name));
  if (missing.length > 0) {
    const are = missing.length === 1 ? 'the column' : 'the columns';
    const is = missing.length === 1 ? 'is' : 'are';
    throw new EngineError(
      'data',
      `table: ${are} ${listOf(missing)} ${is} missing, which the model knows; columns: ${listOf([...byName.keys()])}`,
    );
  }
  const column = (name: string) => byName.get(name) as TableColumn;
  const others = columns.map(({ name }) => name).filter((name) => !names.includes(name));
  return {
    target: column(target.name),
    task: 'classes' in target ? 'classes' : 'number',
    classes: 'classes' in target ? target.classes : [],
    features: features.map(({ name }) => column(name)),
    leftOut: others.map((name) => ({ name, reason: 'the model does not know it' })),
    notes: unusedColumns(table, new Set(names)),
  };
}
