import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvOptions, parseCsv } from '../../src/data/csv.js';
import { EngineError } from '../../src/errors/engine-error.js';
import { testRefusals } from '../errors/refusals.js';
import { caught } from '../train/caught.js';

const IRIS = 'length,width,species\n5.1,3.5,setosa\n7,3.2,versicolor\n4.9,3,setosa\n';

test('parseCsv numbers classes in order of first appearance', () => {
  const { dataset, ...names } = parseCsv(IRIS);
  expect(names).toEqual({ features: ['length', 'width'], target: 'species', classNames: ['setosa', 'versicolor'] });
  expect(dataset).toMatchObject({ examples: 3, features: 2, outputs: 1, classes: 2, scale: 1, offset: 0 });
  expect(dataset.x).toEqual(Float32Array.of(5.1, 3.5, 7, 3.2, 4.9, 3));
  expect(dataset.y).toEqual(Uint32Array.of(0, 1, 0));
});

test('parseCsv takes any column as the target', () => {
  const { dataset, ...names } = parseCsv('a,b,c\n1,-2.5e1,3\n4,.5,+6.\n', { target: 'b' });
  expect(names).toEqual({ features: ['a', 'c'], target: 'b' });
  expect(dataset.x).toEqual(Float32Array.of(1, 3, 4, 6));
  expect(dataset.y).toEqual(Float32Array.of(-25, 0.5));
  expect(dataset.classes).toBeUndefined();
});

test('classes that are integers are the indices themselves', () => {
  const { dataset, classNames } = parseCsv('x,digit\n1,7\n2,0\n', { classes: true });
  expect(dataset.y).toEqual(Uint32Array.of(7, 0));
  expect(dataset.classes).toBe(8);
  expect(classNames).toBeUndefined();
  expect(parseCsv('x,grade\n1,1.5\n2,0\n3,1.5', { classes: true })).toMatchObject({
    classNames: ['1.5', '0'],
    dataset: { y: Uint32Array.of(0, 1, 0) },
  });
});

test.each<[string, string, CsvOptions]>([
  ['CR LF', 'a,b\r\n1,2\r\n3,4\r\n', {}],
  ['CR', 'a,b\r1,2\r3,4', {}],
  ['a byte order mark', '\ufeffa,b\n1,2\n3,4', {}],
  ['a byte order mark and a quote', '\ufeff"a",b\n1,2\n3,4', {}],
  ['blank lines', '\n\na,b\n\n1,2\n  \n3,4\n\n', {}],
  ['spaces', ' a , b \n 1, 2\n3 ,4 ', {}],
  ['quotes', '"a","b"\n"1",2\n3,"4"', {}],
  ['semicolons', 'a;b\n1;2\n3;4', { delimiter: ';' }],
  ['tabs', 'a\tb\n1\t2\n3\t4', { delimiter: '\t' }],
])('parseCsv reads %s', (_, text, options) => {
  const { dataset, features, target } = parseCsv(text, options);
  expect([features, target, [...dataset.x], [...dataset.y]]).toEqual([['a'], 'b', [1, 3], [2, 4]]);
});

test('a quoted value holds delimiters, line ends and quotes', () => {
  const text = '"a,""1""",y\n1,"x\r\nz"\n2,"p, ""q"""\n';
  expect(parseCsv(text)).toMatchObject({ features: ['a,"1"'], classNames: ['x\r\nz', 'p, "q"'] });
});

test.each<[string, 'format' | 'data', string]>([
  ['', 'format', 'the text is empty, expected a line of column names'],
  ['\n \n', 'format', 'the text is empty, expected a line of column names'],
  ['1,2\n3,4', 'format', 'header: expected the names of the columns, got only numbers'],
  ['a,,c\n', 'format', 'header: column 2 has no name'],
  ['a,b,a\n', 'format', 'header: two columns are named "a"'],
  ['a\n1', 'format', "header: expected a feature and a target, got only column 'a'"],
  ['a,b\n', 'format', 'there are no rows after the header'],
  ['a,b\n1,2\n3', 'format', 'line 3 has 1 columns, the header has 2'],
  ['a,b\r\n1,2\r\n3', 'format', 'line 3 has 1 columns, the header has 2'],
  ['a,b\n1,2,3', 'format', 'line 2 has 3 columns, the header has 2'],
  ['a,b\n1,"2', 'format', 'line 2: a quote is opened and not closed'],
  ['a,b\n1,"2"3', 'format', 'line 2: a quote must be around a whole value'],
  ['a,b\n1,2"', 'format', 'line 2: a quote must be around a whole value'],
  ['age,b\n1,2\n\nx,2', 'data', `line 4, column 'age': expected a number, got "x"`],
  ['age,b\n"\n1\n",2\nx,2', 'data', `line 5, column 'age': expected a number, got "x"`],
  ['age,b\nNaN,2', 'data', `line 2, column 'age': expected a number, got "NaN"`],
  ['age,b\n0x10,2', 'data', `line 2, column 'age': expected a number, got "0x10"`],
  ['age,b\n1,2\n1,two', 'data', `line 3, column 'b': expected a number, got "two"`],
  [`age,b\n${'z'.repeat(99)},2`, 'data', `line 2, column 'age': expected a number, got "${'z'.repeat(40)}..."`],
  ['age,b\n1e39,2', 'data', `line 2, column 'age': "1e39" is too large for float32`],
  ['age,b\n,2', 'data', "line 2, column 'age': the value is missing"],
  ['age,b\n1,', 'data', "line 2, column 'b': the value is missing"],
  ['age,b\n1,x\n1,', 'data', "line 3, column 'b': the value is missing"],
])('parseCsv refuses %j', (text, kind, message) => {
  const thrown = caught(() => parseCsv(text));
  expect(thrown).toEqual(new EngineError(kind, `csv: ${message}`));
  expect(thrown).toMatchObject({ kind });
});

const MANY = Array.from({ length: 30 }, (_, i) => `column${i}`);
const iris = (options: object) => parseCsv(IRIS, options);
testRefusals({
  'RangeError: parseCsv: no column "lenght", did you mean \'length\'?; columns: length, width, species': () =>
    iris({ target: 'lenght' }),
  'RangeError: parseCsv: no column "zzz"; columns: length, width, species': () => iris({ target: 'zzz' }),
  [`RangeError: parseCsv: no column "zzz"; columns: ${MANY.slice(0, 20).join(', ')}, ...`]: () =>
    parseCsv(MANY.join(), { target: 'zzz' }),
  'RangeError: parseCsv: delimiter must be one character, no quote and no line end, got ",,"': () =>
    iris({ delimiter: ',,' }),
  'RangeError: parseCsv: delimiter must be one character, no quote and no line end, got "\\""': () =>
    iris({ delimiter: '"' }),
  'TypeError: parseCsv: classes must be true or false, got 3': () => iris({ classes: 3 }),
  "TypeError: parseCsv: unknown option 'label'; known: target, classes, delimiter": () => iris({ label: 'x' }),
  'TypeError: parseCsv: text must be a string, got a Uint8Array': () => parseCsv(new Uint8Array() as never),
});

test('parseCsv reads back any names and numbers', () => {
  const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const name = fc.string({ unit: 'binary' }).filter((text) => text.trim() === text && /[^\d.e+-]/i.test(text));
  const table = fc.uniqueArray(name, { minLength: 2, maxLength: 5 }).chain((names) =>
    fc.tuple(
      fc.constant(names),
      fc.array(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
          minLength: names.length,
          maxLength: names.length,
        }),
        { minLength: 1, maxLength: 6 },
      ),
    ),
  );
  fc.assert(
    fc.property(table, ([names, rows]) => {
      const text = [names.map(quote), ...rows].map((cells) => cells.join()).join('\r\n');
      const { dataset, features, target } = parseCsv(text);
      expect([...features, target]).toEqual(names);
      expect([...dataset.x]).toEqual(rows.flatMap((row) => row.slice(0, -1).map((v) => v + 0)));
      expect([...dataset.y]).toEqual(rows.map((row) => row[row.length - 1] + 0));
    }),
  );
});

test('parseCsv throws nothing but EngineError on any text', () => {
  const piece = fc.constantFrom('a', 'b', '1', '"', ',', '\n', '\r', ' ', '""', '-.5', 'x\n1,2', '\ufeff');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece, { maxLength: 30 }).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (input) => {
      const thrown = caught(() => parseCsv(input));
      if (thrown !== undefined) expect(thrown).toBeInstanceOf(EngineError);
    }),
    { numRuns: 2000 },
  );
});

/** In time that grows with the square of the length these would take many minutes. */
const LONG = 400_000;

test('a cell of very many digits is judged in linear time', () => {
  const digits = '1'.repeat(LONG);
  const got = `got "${'1'.repeat(40)}..."`;
  const place = "csv: line 2, column 'a': ";
  const faultOf = (cell: string) => caught(() => parseCsv(`a,b\n${cell},1`));
  expect(faultOf(`${digits}x`)).toEqual(new EngineError('data', `${place}expected a number, ${got}`));
  expect(faultOf(digits)).toEqual(new EngineError('data', `${place}${got.slice(4)} is too large for float32`));
  expect([...parseCsv(`a,b\n.${digits},1`).dataset.x]).toEqual([Math.fround(1 / 9)]);
});

test('very many columns are read in linear time', () => {
  const names = Array.from({ length: LONG }, (_, i) => `column ${i}`).join();
  const { dataset, features } = parseCsv(`${names}\n${'1,'.repeat(LONG - 1)}2`);
  expect([dataset.features, dataset.y[0], features.length]).toEqual([LONG - 1, 2, LONG - 1]);
  const twice = caught(() => parseCsv(`${names},column 7\n`));
  expect(twice).toEqual(new EngineError('format', 'csv: header: two columns are named "column 7"'));
});
