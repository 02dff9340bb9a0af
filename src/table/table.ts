import { judgeColumn, type TableColumn } from './column.js';
import { isClock, type NumberStyle } from './number-format.js';

/** A table as it was read: its columns, each judged by all of its values. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly TableColumn[];
  /** The line of the file (from 1) on which each row begins. */
  readonly lines: Uint32Array;
  /** Facts about the reading that a person should know. */
  readonly notes: readonly string[];
}

/** Returns the table of columns that were read. */
export function tableOf(
  judged: readonly TableColumn[],
  { lines, notes }: { lines: Uint32Array; notes: readonly string[] },
): Table {
  let columns = judged;
  const mark = decimalMarkOf(columns);
  if (mark) columns = columns.map((column) => withMark(column, mark));
  const said = [...notes];
  const kept = columns.flatMap((column, i): TableColumn[] => {
    if (column.name !== '') return [column];
    if (column.kind === 'empty') {
      const isLast = i === columns.length - 1;
      said.push(
        isLast ? 'a delimiter at the end of the lines makes no column' : `column ${i + 1} is empty and has no name`,
      );
      return [];
    }
    return [{ ...column, name: `c${i + 1}`, ...(i === 0 && isIndexLike(column) && { kind: 'index' as const }) }];
  });
  return { rows: lines.length, columns: kept, lines, notes: said };
}

/** Returns the decimal mark that some columns show and none contradicts. */
function decimalMarkOf(columns: readonly TableColumn[]): NumberStyle['decimal'] | undefined {
  const marks = columns.flatMap(({ format, cells }) =>
    format?.sure && !cells.holdsNumbers && !isClock(format) ? [format.decimal] : [],
  );
  return marks.every((mark) => mark === marks[0]) ? marks[0] : undefined;
}

/** Returns a column as it is to be read in a file of this decimal mark. */
function withMark(column: TableColumn, mark: NumberStyle['decimal']): TableColumn {
  const { name, format, cells } = column;
  if (!format || format.sure) return column;
  return mark === ',' ? judgeColumn(name, cells, 'certain') : { ...column, format: { ...format, sure: true } };
}

/** Returns true if a first column without a name can be the name or the number of each row. */
function isIndexLike({ kind, distinct, cells }: TableColumn): boolean {
  return kind === 'index' || kind === 'text' || distinct === cells.rows;
}
