import { isRecord } from '../errors/arguments.js';
import { EngineError } from '../errors/engine-error.js';
import { Cells } from './cells.js';
import { judgeColumn } from './column.js';
import { type Table, tableOf } from './table.js';

/** Returns true if a text begins as JSON does. @param head its first characters, after any blanks */
export function isJson(head: string): boolean {
  return /^(\[\s*[{[]|\{\s*")/.test(head);
}

/**
 * Returns the table of JSON: a list of objects, JSON lines (an object a line), or an object with a list for each column.
 * @throws EngineError of kind `format` for anything else
 */
export async function readJson(texts: AsyncIterable<string>, notes: readonly string[]): Promise<Table> {
  let text = '';
  for await (const piece of texts) text += piece;
  return objectsTable(objectsOf(text), notes);
}

/** Returns the table of objects: a column for every key, missing where an object has none. */
export function objectsTable(objects: readonly Readonly<Record<string, unknown>>[], notes: readonly string[]): Table {
  if (objects.length === 0) throw new EngineError('format', 'table: there are no rows');
  const names = new Set<string>();
  for (const object of objects) for (const name of Object.keys(object)) names.add(name);
  const columns = [...names].map((name) => {
    const cells = new Cells();
    for (const object of objects) cells.pushValue(Object.hasOwn(object, name) ? object[name] : null);
    return cells;
  });
  const lines = Uint32Array.from(objects, (_, row) => row + 1);
  const judged = [...names].map((name, i) => judgeColumn(name, columns[i]));
  const nested = [...names].filter((name) => objects.some((object) => isNested(object[name])));
  const more = nested.map((name) => `'${name}' holds objects or lists, each of which counts as one text`);
  return tableOf(judged, { lines, notes: [...notes, ...more] });
}

function objectsOf(text: string): Record<string, unknown>[] {
  const refuse = (message: string, cause?: unknown) => new EngineError('format', `table: ${message}`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    if (text.trimStart().startsWith('[')) throw refuse(`the JSON is damaged: ${(cause as Error).message}`, cause);
    return text.split('\n').flatMap((line, i) => {
      if (line.trim() === '') return [];
      try {
        const object: unknown = JSON.parse(line);
        if (isRecord(object)) return [object];
      } catch (cause) {
        throw refuse(`line ${i + 1} is no JSON: ${(cause as Error).message}`, cause);
      }
      throw refuse(`line ${i + 1} must be a JSON object, such as {"x": 1, "y": "red"}`);
    });
  }
  if (Array.isArray(value)) return rowsOf(value, refuse);
  const lists = isRecord(value) ? Object.entries(value).filter(([, list]) => Array.isArray(list)) : [];
  const [first] = lists;
  if (isRecord(value) && lists.length === 1 && isRecord((first[1] as unknown[])[0]))
    return rowsOf(first[1] as unknown[], refuse);
  if (isRecord(value) && lists.length > 0 && lists.length === Object.keys(value).length) {
    const columns = lists as [string, unknown[]][];
    const rows = columns[0][1].length;
    const other = columns.find(([, list]) => list.length !== rows);
    if (other) throw refuse(`'${columns[0][0]}' has ${rows} values, and '${other[0]}' has ${other[1].length}`);
    return columns[0][1].map((_, row) => Object.fromEntries(columns.map(([name, list]) => [name, list[row]])));
  }
  if (isFlat(value)) return [value];
  throw refuse('the JSON must be a list of objects, such as [{"x": 1, "y": 2}], or hold a list for each column');
}

function rowsOf(rows: readonly unknown[], refuse: (message: string) => EngineError): Record<string, unknown>[] {
  if (Array.isArray(rows[0])) {
    return rows.map((row) => Object.fromEntries((row as unknown[]).map((value, i) => [`c${i + 1}`, value])));
  }
  const other = rows.findIndex((row) => !isRecord(row));
  if (other >= 0) throw refuse(`entry ${other} of the JSON list must be an object`);
  return rows as Record<string, unknown>[];
}

const isNested = (value: unknown) => typeof value === 'object' && value !== null && !(value instanceof Date);

function isFlat(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !Object.values(value).some(isNested);
}
