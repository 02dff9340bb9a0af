import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TableColumn } from '../../src/table/column.js';
import { numbersOf } from '../../src/table/preparation.js';
import { type ReadTableOptions, readTable } from '../../src/table/read-table.js';
import type { Table } from '../../src/table/table.js';

/** Returns a table as columns of `[name, kind, ...texts of the first rows]`. */
function shown({ columns, rows }: Table, most = 3): string[][] {
  return columns.map(({ name, kind, cells }) => [
    name,
    kind,
    ...Array.from({ length: Math.min(rows, most) }, (_, row) => cells.text(row)),
  ]);
}

const read = async (text: string, options?: ReadTableOptions) => shown(await readTable(text, options));
const column = async (...values: string[]): Promise<TableColumn> => {
  const quoted = values.map((value) => `"${value}",${value.length}`);
  return (await readTable(`value,length\n${quoted.join('\n')}`, { header: true })).columns[0];
};

const NUMBERS = [
  ['a', 'number', '1', '3', '5'],
  ['b', 'number', '2', '4', '7'],
];

test.each<[string, string]>([
  ['CR LF', 'a,b\r\n1,2\r\n3,4\r\n5,7\r\n'],
  ['CR', 'a,b\r1,2\r3,4\r5,7'],
  ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n5,7'],
  ['blank lines', '\n\na,b\n\n1,2\n  \n3,4\n\n5,7\n'],
  ['blanks', ' a , b \n 1, 2\n3 ,4 \n 5,7'],
  ['quotes', '"a","b"\n"1",2\n3, "4"\n"5","7"'],
  ['semicolons', 'a;b\n1;2\n3;4\n5;7'],
  ['tabs', 'a\tb\n1\t2\n3\t4\n5\t7'],
  ['bars', 'a|b\n1|2\n3|4\n5|7'],
  ['blanks between values', 'a  b\n 1 2\n3   4 \n5 7\n'],
  ['a separator that Excel names', 'sep=|\na|b\n1|2\n3|4\n5|7'],
  ['comments', '# made\n# by hand\na,b\n1,2\n# 9,9\n3,4\n5,7'],
  ['a header in a comment', '#a,b\n1,2\n3,4\n5,7'],
  ['a delimiter at the end of every line', 'a,b,\n1,2,\n3,4,\n5,7,'],
  ['a delimiter at the end of every line but the header', 'a,b\n1,2,\n3,4,\n5,7,'],
  ['JSON', '[{"a":1,"b":2},{"a":3,"b":4},{"a":5,"b":7}]'],
  ['JSON lines', '{"a":1,"b":2}\n{"a":3,"b":4}\n{"a":5,"b":7}\n'],
  ['JSON by columns', '{"a":[1,3,5],"b":[2,4,7]}'],
])('readTable reads %s', async (_, text) => {
  expect(await read(text)).toEqual(NUMBERS);
});

test.each<[string, string]>([
  ['a title', 'Prices\n\na,b,c\n1,2,9\n3,4,8'],
  ['a title with all its delimiters', 'Prices of 2024,,,\n,,,\na,b,c,d\n1,2,9,1\n3,4,8,0'],
  ['a line of counts', '2,2\na,b,c,d\n1,2,9,1\n3,4,8,0'],
])('lines above the table are left out: %s', async (_, text) => {
  const { columns, rows, notes } = await readTable(text);
  expect([columns.slice(0, 3).map(({ name }) => name), rows]).toEqual([['a', 'b', 'c'], 2]);
  expect(notes.join()).toMatch(/line is|lines are/);
});

test('a quoted value holds delimiters, line ends and quotes, and lines are counted', async () => {
  const table = await readTable('"a,""1""",y\n1,"x\r\nz"\n2,"p, ""q"""\n', { header: true });
  expect(shown(table)).toEqual([
    ['a,"1"', 'number', '1', '2'],
    ['y', 'category', 'x\nz', 'p, "q"'],
  ]);
  expect([...table.lines]).toEqual([2, 4]);
});

test.each<[string, string[], Partial<TableColumn>]>([
  ['numbers', ['1', '-2.5e1', '.5', '+6.'], { kind: 'number', range: [-25, 6] }],
  ['decimal commas', ['1,5', '-2,25', '3'], { kind: 'number', range: [-2.25, 3] }],
  ['thousands', ['1,234,567.5', '12', '1,000'], { kind: 'number', range: [12, 1234567.5] }],
  ['thousands with points', ['1.234.567,5', '12', '1.000'], { kind: 'number', range: [12, 1234567.5] }],
  ['thousands with blanks', ['1 234,5', '12', '10 000'], { kind: 'number', range: [12, 10000] }],
  ['money', ['$1,200.50', '-$3', '$12'], { kind: 'number', range: [-3, 1200.5] }],
  ['money owed', ['$(5)', '($6)', '-$7', '$-8', '$1,200', '$ (9)'], { kind: 'number', range: [-9, 1200], missing: 0 }],
  ['money owed alone', ['($5)', '($6.50)'], { kind: 'number', range: [-6.5, -5] }],
  ['euros owed', ['(5) €', '3 €', '-2€'], { kind: 'number', range: [-5, 3] }],
  ['marks of notes', ['(1)', '(2)', '(1)', '(2)'], { kind: 'category' }],
  ['clock times', ['20:45', '7:04:30', '0:00', '-1:30'], { kind: 'number', range: [-1.5, 20.75] }],
  ['clock times of half days', ['8:45 PM', '12:00am', '12:30 p.m.'], { kind: 'number', range: [0, 20.75] }],
  ['no clock times', ['4:3', '16:9', '4:3', '16:9', '4:3', '20:99', '20:99'], { kind: 'category' }],
  ['shares', ['12 %', '3.5%', '0%'], { kind: 'number', range: [0, 12] }],
  [
    'missing numbers',
    ['1', '', 'NA', 'n/a', 'NaN', 'null', 'None', '?', '-', '.', '2'],
    { missing: 9, kind: 'number' },
  ],
  [
    'numbers and a word for missing ones',
    Array.from({ length: 60 }, (_, i) => (i % 3 ? String(i / 4) : i % 2 ? 'Unknown' : 'unknown ')),
    { kind: 'number', missing: 20 },
  ],
  ['codes and a word', Array.from({ length: 60 }, (_, i) => (i % 3 ? String(i % 15) : 'A')), { kind: 'category' }],
  [
    'several words for yes and no',
    ['yes', 'No', '1', '0', 'TRUE', '0', ''],
    { kind: 'yes/no', missing: 1, values: ['no', 'yes'], notes: ['0, 1, no, true, yes all mean yes or no'] },
  ],
  ['letters', ['y', 'n', 'f', 'y', 'n', 'f', 'n'], { kind: 'category' }],
  [
    'ids of 64 bits',
    Array.from({ length: 9 }, (_, i) => String(9007199254740993n + BigInt(i % 3))),
    { kind: 'category', distinct: 3 },
  ],
  ['a stray text', [...'1234567891'.split(''), '<5'], { kind: 'number', missing: 1 }],
  ['dates', ['2020-01-31', '2020-02-01T12:00:00Z'], { kind: 'date', range: [18292, 18293.5] }],
  ['dates, day first', ['31.1.2020', '1.2.2020'], { kind: 'date', range: [18292, 18293] }],
  ['dates, month first', ['1/31/2020', '2/1/2020'], { kind: 'date', range: [18292, 18293] }],
  ['dates in words', ['Jan 31 2020', 'Feb 1, 2020'], { kind: 'date', range: [18292, 18293] }],
  ['no dates', ['2020-02-30', '2020-02-31', '2020-02-30'], { kind: 'category' }],
  ['yes and no', ['yes', 'No', 'YES', 'no'], { kind: 'yes/no', values: ['No', 'yes'] }],
  ['true and false', ['True', 'False', 'True'], { kind: 'yes/no', values: ['False', 'True'] }],
  ['categories', ['red', 'Red ', 'blue', 'red', 'blue'], { kind: 'category', values: ['red', 'blue'] }],
  ['names', ['Ann', 'Bob', 'Cid', 'Dan'], { kind: 'text' }],
  ['one value', ['x', 'x', 'x'], { kind: 'constant' }],
  ['one number', ['7', '7'], { kind: 'constant' }],
  ['nothing', ['', 'NA'], { kind: 'empty', missing: 2 }],
  ['too many digits', ['1'.repeat(80_000), '2', '3'], { kind: 'text' }],
])('a column of %s is judged by all its values', async (_, values, expected) => {
  expect(await column(...values)).toMatchObject(expected);
});

test.each<[string, string, string[], string?]>([
  ['no header', '3,small\n5,large\n7,small', ['c1', 'c2'], 'the columns are called c1, c2'],
  ['no header over numbers', '3,4\n5,6\n7,8', ['c1', 'c2'], 'the first line holds values'],
  ['years as names', 'land,1990,1991\nA,5.5,7\nB,6.5,8', ['land', '1990', '1991']],
  ['only texts', 'name,town\nAnn,Rome\nBob,Rome', ['name', 'town']],
  [
    'two columns of one name',
    'x,x,z\n1,2,3\n4,5,6',
    ['x', 'x.2', 'z'],
    'another column is named x, too: it is called x.2',
  ],
  ['an index of pandas', ',x,y\n0,5,7\n1,6,9', ['c1', 'x', 'y']],
  ['row names of R', 'x,y\na,5,7\nb,6,9', ['c1', 'x', 'y']],
])('the header of a file with %s', async (_, text, names, note) => {
  const { columns, notes } = await readTable(text);
  expect(columns.map(({ name }) => name)).toEqual(names);
  if (note === undefined) expect(notes).toEqual([]);
  else expect(notes.join()).toContain(note);
  if (names[0] === 'c1' && names[1] === 'x') expect(columns[0].kind).toMatch(/index|text/);
});

test('header and delimiter can be told', async () => {
  expect(await read('3,4\n5,6\n8,9', { header: true })).toEqual([
    ['3', 'number', '5', '8'],
    ['4', 'number', '6', '9'],
  ]);
  expect(await read('a,b;c\n1,2;3\n1,4;5', { delimiter: ';' })).toEqual([
    ['a,b', 'number', '1,2', '1,4'],
    ['c', 'number', '3', '5'],
  ]);
});

test.each<[string, string]>([
  ['', 'table: the file is empty'],
  ['\n \n', 'table: the file is empty'],
  ['a,b\n', 'table: there are no rows after the header'],
  ['a,b\n1,2\n3\n4,5,6\n7,8', 'table: 2 of 4 lines do not have 2 values: line 3 has 1, line 4 has 3'],
  ['a,b\n1,"2', 'table: line 2: a quote is opened and not closed'],
  ['{"a":1}\n[2]', 'table: line 2 must be a JSON object, such as {"x": 1, "y": "red"}'],
  ['[{"a":1},2]', 'table: entry 1 of the JSON list must be an object'],
  ['{"a":[1,2],"b":[1]}', "table: 'a' has 2 values, and 'b' has 1"],
  [
    '{"type":"Topology","arcs":{"a":1}}',
    'table: the JSON must be a list of objects, such as [{"x": 1, "y": 2}], or hold a list for each column',
  ],
])('readTable refuses %j', async (text, message) => {
  await expect(readTable(text)).rejects.toMatchObject({ kind: 'format', message });
});

test('bytes that are no text are refused', async () => {
  const message = 'table: the text is not UTF-16LE';
  await expect(readTable(Uint8Array.of(0xff, 0xfe, 0, 0xd8, 1, 2))).rejects.toMatchObject({ kind: 'format', message });
});

test.each<[unknown, object, string, string]>([
  [7, {}, 'TypeError', 'readTable: source must be a text, bytes or a Blob, got 7'],
  [
    'a,b',
    { delimiter: ',,' },
    'RangeError',
    'readTable: delimiter must be one character, no quote and no line end, got ",,"',
  ],
  ['a,b', { header: 1 }, 'TypeError', 'readTable: header must be true or false, got 1'],
  [
    'a,b',
    { headers: true },
    'TypeError',
    "readTable: unknown option 'headers', did you mean 'header'?; known: delimiter, header, onProgress",
  ],
])('readTable(%j, %j) is refused', async (source, options, name, message) => {
  await expect(readTable(source as string, options)).rejects.toMatchObject({ name, message });
});

/** Returns bytes as a Blob that is read in pieces of a few bytes. */
function inPieces(bytes: Uint8Array, size: number): Blob {
  const blob = new Blob([bytes as BlobPart]);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.slice(i * size, (i + 1) * size),
  );
  blob.stream = () =>
    new ReadableStream({
      start(to) {
        for (const piece of pieces) to.enqueue(piece);
        to.close();
      },
    });
  return blob;
}

test('a file reads the same in pieces of any size', async () => {
  const cell = fc.oneof(fc.constantFrom('a', 'b, c', 'd"e', 'f\ng', 'h\r\ni', 'ß', ''), fc.integer().map(String));
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 });
  const ends = fc.constantFrom('\n', '\r\n', '\r');
  await fc.assert(
    fc.asyncProperty(rows, ends, fc.integer({ min: 1, max: 50 }), async (rows, end, size) => {
      const quoted = rows.map((row) => row.map((each) => `"${each.replaceAll('"', '""')}"`).join(','));
      const text = ['"x","y"', ...quoted].join(end);
      const whole = shown(await readTable(text, { header: true, delimiter: ',' }), 30);
      const bytes = new TextEncoder().encode(text);
      const pieces = await readTable(inPieces(bytes, size), { header: true, delimiter: ',' });
      expect(shown(pieces, 30)).toEqual(whole);
      const values = rows.map((row) => row.map((each) => each.replace(/\r\n?/g, '\n').trim()));
      if (whole.length === 2)
        expect(whole.map(([, , ...texts]) => texts)).toEqual([0, 1].map((i) => values.map((row) => row[i])));
    }),
    { numRuns: 100 },
  );
});

test('a column of many numbers is kept as numbers, with its odd texts', async () => {
  const rows = Array.from({ length: 6000 }, (_, i) => (i === 5000 ? '<5' : i === 5001 ? 'NA' : String(i / 4)));
  const { columns } = await readTable(`x,y\n${rows.map((x, i) => `${x},${i % 7}`).join('\n')}`);
  expect(columns[0]).toMatchObject({ kind: 'number', missing: 2, range: [0, 5999 / 4] });
  expect([4999, 5000, 5001, 5999].map((row) => columns[0].cells.text(row))).toEqual(['1249.75', '<5', '', '1499.75']);
});

test('a column of many numbers keeps the way in which they are written', async () => {
  const rows = Array.from({ length: 6000 }, (_, i) => (i % 2000) + i / 8);
  const write = (x: number, i: number) => `${String(x).replace('.', ',')};${i % 7}`;
  const { columns } = await readTable(`x;y\n${rows.map(write).join('\n')}`);
  expect(columns[0]).toMatchObject({
    kind: 'number',
    distinct: new Set(rows).size,
    range: [0, 1999 + 5999 / 8],
    format: { decimal: ',' },
  });
});

test.each<[string, Uint8Array, string]>([
  [
    'a zip archive',
    Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0xff),
    'the file is a zip archive or a workbook; unpack it, or save it as CSV',
  ],
  ['an old workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1), 'the file is a workbook; save it as CSV'],
  [
    'a web page',
    new TextEncoder().encode('\n<!DOCTYPE html>\n<html><body>404,not found</body></html>\n'),
    'the file is a web page, not a table; perhaps a download went wrong',
  ],
  [
    'a picture',
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0xff, 7, 7, 7),
    'the file is no text, gzip or Parquet',
  ],
])('%s is no table', async (_, bytes, message) => {
  await expect(readTable(bytes)).rejects.toMatchObject({ kind: 'format', message: `table: ${message}` });
});

test('a fault of the caller in onProgress is no fault of the text', async () => {
  const bytes = new TextEncoder().encode('x,y\n1,2\n3,4\n');
  const onProgress = () => {
    throw new TypeError('mine');
  };
  await expect(readTable(bytes, { onProgress })).rejects.toThrow(new TypeError('mine'));
});

test('bytes in memory are read piece by piece, with the share that is read', async () => {
  const bytes = new TextEncoder().encode(`x,y\n${'1,2\n3,4\n'.repeat(150_000)}`);
  const shares: number[] = [];
  const { rows } = await readTable(bytes, { onProgress: (read) => shares.push(read / bytes.length) });
  expect(rows).toBe(300_000);
  expect(shares.length).toBeGreaterThan(10);
  expect(shares[0]).toBeLessThan(0.1);
  expect(shares.at(-1)).toBe(1);
});

test('Parquet is read by row groups and columns', async () => {
  const bytes = await readFile(new URL('cases/kinds/two-groups.parquet', import.meta.url));
  const progress: number[] = [];
  const { rows, lines, columns } = await readTable(bytes, { onProgress: (read) => progress.push(read / bytes.length) });
  expect([rows, lines.length, lines[49]]).toEqual([50, 50, 50]);
  expect(columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
    ['x', 'number', 1],
    ['count', 'number', 0],
    ['when', 'date', 0],
    ['kind', 'category', 0],
  ]);
  expect([6, 7, 8, 49].map((row) => columns.map(({ cells }) => cells.text(row)))).toEqual([
    ['1.5', '36', '2020-01-19T00:00:00.000Z', 'long'],
    ['', '49', '2020-01-22T00:00:00.000Z', 'wide'],
    ['2', '64', '2020-01-25T00:00:00.000Z', 'flat'],
    ['12.25', '2401', '2020-05-27T00:00:00.000Z', 'wide'],
  ]);
  expect(progress.map((share) => share.toFixed(1))).toContain('0.4');
  expect(progress.at(-1)).toBe(1);
  await expect(readTable(bytes.subarray(0, 400))).rejects.toMatchObject({
    kind: 'format',
    message: expect.stringMatching(/^table: the Parquet file cannot be read: /),
  });
});

test('a few values that are no dates leave the others dates', async () => {
  const dates = Array.from({ length: 40 }, (_, i) => `2020-0${1 + (i % 9)}-1${i % 7}`);
  const texts = dates.with(7, 'soon').with(9, '');
  const { columns } = await readTable(`when,y\n${texts.map((text, i) => `${text},${i % 3}`).join('\n')}`);
  expect(columns[0]).toMatchObject({
    kind: 'date',
    missing: 2,
    notes: ['values that are not dates are read as missing: "soon"'],
  });
  expect([...numbersOf(columns[0])].flatMap((day, row) => (Number.isNaN(day) ? row : []))).toEqual([7, 9]);
  const many = texts.map((text, i) => `${i % 8 === 0 ? `soon ${i}` : text},${i % 3}`);
  expect((await readTable(`when,y\n${many.join('\n')}`)).columns[0].kind).toBe('text');
});

test.each<[string, (date: Date) => string, string]>([
  ['year first', (date) => date.toISOString(), '2020-01-01 00:01:01.000'],
  ['words', (date) => date.toUTCString().slice(5), '01 jan 2020 00:01:01.000'],
  [
    'day first',
    (date) => `${date.getUTCDate()}.${date.getUTCMonth() + 1}.2020 ${date.toISOString().slice(11, 19)}`,
    '01/01/2020 00:01:01.000',
  ],
])('a column of many dates is kept as numbers: %s', async (dateFormat, write, second) => {
  const start = Date.UTC(2020, 0, 1);
  const dates = Array.from({ length: 6000 }, (_, i) => new Date(start + i * 61_000 * 80 * (i > 20 ? 1 : 1 / 80)));
  const texts = [...dates.map(write), '', '?'];
  const { columns } = await readTable(`when;x\n${texts.map((text, i) => `${text};${i}`).join('\n')}`);
  const [when] = columns;
  expect(when).toMatchObject({ kind: 'date', dateFormat, missing: 2, distinct: 6000 });
  expect(when.cells.text(1)).toBe(second);
  const days = numbersOf(when);
  expect(dates.every((date, i) => Math.abs(days[i] * 86_400_000 - date.getTime()) < 1)).toBe(true);
  expect([...days.subarray(6000)]).toEqual([Number.NaN, Number.NaN]);
});

test('numbers in parentheses are negative among others, and texts alone', async () => {
  const { columns } = await readTable('net,note\n"1,250.5",(1)\n(6059.96),(2)\n"($1,000)",(1)\n$3,(2)\n7,(2)');
  expect(columns[0]).toMatchObject({ kind: 'number', range: [-6059.96, 1250.5], missing: 0 });
  expect(columns[1]).toMatchObject({ kind: 'category' });
});

test('nested JSON counts as text, and a note says so', async () => {
  const lines = Array.from({ length: 9 }, (_, i) => JSON.stringify({ user: { id: i, tags: [i] }, x: i, y: 2 * i }));
  const { columns, notes } = await readTable(lines.join('\n'));
  expect(columns.map(({ name, kind }) => [name, kind])).toEqual([
    ['user', 'text'],
    ['x', 'number'],
    ['y', 'number'],
  ]);
  expect(notes).toEqual(["'user' holds objects or lists, each of which counts as one text"]);
});

test.each([
  ['Total;;;178.736.481,27 €', 3, ['line 5 is left out: it is a sum of the others']],
  ['Totals;4;5;6', 4, []],
])('the last line %s', async (last, rows, notes) => {
  const table = await readTable(`name;a;b;sales\nx;1;2;1.000,5 €\ny;2;3;2.000,5 €\nz;3;4;3.000,5 €\n${last}`);
  expect([table.rows, table.notes]).toEqual([rows, notes]);
});

test.each([
  ['# made by hand\nx,y\n1,2\n# half\n3,4', 'left out as comments: 2 lines that begin with #'],
  ['x,y\n1,2,\n3,4\n5,6', 'a delimiter at the end of 1 line makes no column'],
  ['x,y,\n1,2,\n3,4,', 'a delimiter at the end of the lines makes no column'],
  ['x,,y\n1,,2\n3,,4', 'column 2 is empty and has no name'],
])('what is left out of %j is told', async (text, note) => {
  const { notes, columns } = await readTable(text);
  expect(notes).toEqual([note]);
  expect(columns.map(({ name }) => name)).toEqual(['x', 'y']);
});
