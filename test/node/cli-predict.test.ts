import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, test, vi } from 'vitest';
import { optionValues } from '../../src/cli/parse-options.js';
import { predictRows } from '../../src/cli/predict/answers.js';
import { readRows } from '../../src/cli/predict/rows.js';
import {
  createReferenceEngine,
  createTrainer,
  dense,
  loadModel,
  meanSquaredError,
  prepareTable,
  readTable,
  sequential,
  sgd,
  softmaxCrossEntropy,
  type Table,
} from '../../src/index.js';
import { openSession, Tensor } from '../onnx/open-session.js';
import { scratchFolder } from './scratch-folder.js';
import { readJson, succeed, wgrad } from './wgrad.js';

const folder = await scratchFolder();
const at = (name: string) => join(folder, name);

const ROWS = 120;
const KINDS = ['large', 'a "small", one', 'tiny'];
const COLOURS = ['red', 'green', 'blue'];

/** Columns by name, with the text of each row. */
const COLUMNS: Readonly<Record<string, (row: number) => string>> = {
  width: (i) => (i % 13 === 5 ? '' : (10 * Math.sin(i)).toFixed(2)),
  colour: (i) => COLOURS[i % 3],
  day: (i) => `2024-0${1 + (i % 9)}-11`,
  paid: (i) => (i % 2 ? 'yes' : 'no'),
  kind: (i) => KINDS[i % 3 === 0 ? 2 : Math.sin(i) > 0.2 ? 0 : 1],
  price: (i) => (1e5 + 100 * Math.sin(i) + 50 * (i % 3)).toFixed(1),
};
const quoted = (value: string) => (/[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const csv = (names: readonly string[], rows = ROWS) =>
  [names, ...Array.from({ length: rows }, (_, row) => names.map((name) => quoted(COLUMNS[name](row))))]
    .map((line) => line.join())
    .join('\n');

/** Returns the texts of a column. */
const textsOf = ({ columns, rows }: Table, name: string) => {
  const column = columns.find((each) => each.name === name);
  return Array.from({ length: rows }, (_, row) => column?.cells.text(row));
};

interface Trained {
  readonly table: { readonly classes: { readonly accuracy: number }; readonly number: { readonly rmse: number } };
}

let kind: Trained;
let price: Trained;
beforeAll(async () => {
  await writeFile(at('all.csv'), csv(Object.keys(COLUMNS)));
  const train = `train --reference --data ${at('all.csv')} --hidden 8 --epochs 20`;
  kind = (await succeed<Trained>(folder, 'kind', `${train} --target kind --save ${at('kind.net')}`)).result;
  price = (await succeed<Trained>(folder, 'price', `${train} --target price --save ${at('price.net')}`)).result;
});

const predict = (line: string) => wgrad(`predict --reference ${line}`);

test('classes come with probabilities, and the test rows score as they did after training', async () => {
  const { code, stdout, stderr } = await predict(`--load ${at('kind.net')} --data ${at('all.csv')}`);
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/^Predicted +120 rows on .*\nNote +'width' is missing in 9 rows/),
  ]);
  const found = await readTable(stdout);
  expect(found.columns.map(({ name }) => name).sort()).toEqual(
    [...KINDS.map((name) => `p_${name}`), 'prediction'].sort(),
  );
  const sums = KINDS.map((name) => textsOf(found, `p_${name}`).map(Number));
  for (let row = 0; row < ROWS; row++) {
    expect(sums.reduce((sum, each) => sum + each[row], 0)).toBeCloseTo(1, 5);
    const best = KINDS[sums.map((each) => each[row]).reduce((best, p, i, all) => (p > all[best] ? i : best), 0)];
    expect(textsOf(found, 'prediction')[row]).toBe(best);
  }
  const { rows } = prepareTable(await readTable(csv(Object.keys(COLUMNS))), { target: 'kind' });
  const right = [...rows.test].filter((row) => textsOf(found, 'prediction')[row] === COLUMNS.kind(row));
  expect(right.length / rows.test.length).toBeCloseTo(kind.table.classes.accuracy, 10);
  const all = Array.from({ length: ROWS }, (_, row) => textsOf(found, 'prediction')[row] === COLUMNS.kind(row));
  expect(stderr).toContain(`accuracy ${((100 * all.filter(Boolean).length) / ROWS).toFixed(2)} %, balanced`);
});

test('numbers come in the units of the file, with the deviation of samples', async () => {
  const out = at('price.csv');
  const line = `--load ${at('price.net')} --data ${at('all.csv')} --samples 20 --out ${out}`;
  const { code, stdout, stderr } = await predict(line);
  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toMatch(/Measures +error .*R² .* on 120 rows\nWritten +\S+price\.csv/);
  const found = await readTable(await readFile(out, 'utf8'));
  expect(found.columns.map(({ name }) => name)).toEqual(['prediction', 'deviation']);
  const { rows } = prepareTable(await readTable(csv(Object.keys(COLUMNS))), { target: 'price' });
  const errors = [...rows.test].map((row) => Number(textsOf(found, 'prediction')[row]) - Number(COLUMNS.price(row)));
  const rmse = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
  expect(rmse / price.table.number.rmse).toBeCloseTo(1, 4);
  const deviations = textsOf(found, 'deviation').map(Number);
  expect(Math.min(...deviations)).toBeGreaterThan(0);
  expect(Math.max(...deviations)).toBeLessThan(500);
});

test('columns may stand in any order, others are counted, and rows with gaps are predicted too', async () => {
  const predictions = async (name: string, content: string) => {
    await writeFile(at(name), content);
    return predict(`--load ${at('kind.net')} --data ${at(name)}`);
  };
  const names = ['paid', 'price', 'colour', 'width', 'day'];
  const usual = await predictions('usual.csv', csv(['width', 'colour', 'day', 'paid', 'price'], 30));
  const other = await predictions('other.csv', csv(names, 30));
  expect(other.stdout).toBe(usual.stdout);
  expect(usual.stderr).not.toContain('Measures');
  const more = csv(names, 30).replaceAll('\n', ',7,x\n').replace('price', 'price').concat(',7,x');
  const extra = await predictions('extra.csv', more.replace(',7,x', ',n,t'));
  expect(extra.stdout).toBe(usual.stdout);
  expect(extra.stderr).toMatch(/Note +2 columns that the model does not know are not used: n, t\n/);
  const gaps = await predictions('gaps.csv', `${names.join()}\n,,,,\nmaybe,?,purple,x,\nyes,100000,red,1,2024-01-11\n`);
  expect(gaps.code).toBe(0);
  expect(gaps.stdout.trim().split('\n')).toHaveLength(4);
  expect(gaps.stderr).toMatch(/'colour' has values that the model does not know in 1 row: purple/);
  const answers = csv([...names, 'kind'], 30)
    .replace(/large$/m, 'huge')
    .replace(/large$/m, '');
  expect((await predictions('answers.csv', answers)).stderr).toMatch(
    /Measures +accuracy .* on 28 rows, 1 row left out, whose\s+answer is missing, 1 row left out, where 'kind' is huge, and the model knows\s/,
  );
  const none = await predictions('none.csv', 'paid,price,kind\nyes,1,large\nno,2,tiny\n');
  expect(none).toEqual({
    code: 2,
    stdout: '',
    stderr: `wgrad: ${at('none.csv')}: the columns width, colour, day are missing; columns: paid, price, kind\n`,
  });
});

test('a first line of texts above texts is recognised by the names of the columns', async () => {
  const { train, preparation } = prepareTable(await readTable(`a,b\n${'x,u\ny,v\n'.repeat(20)}`));
  const trainer = await createTrainer(createReferenceEngine(), sequential([dense(2)]), {
    input: [train.features],
    batchSize: 8,
    loss: softmaxCrossEntropy(),
    optimizer: sgd(),
  });
  await writeFile(at('texts.net'), await trainer.save({ preparation }));
  await writeFile(at('texts.csv'), 'a\nx\n');
  const { code, stdout } = await predict(`--load ${at('texts.net')} --data ${at('texts.csv')}`);
  expect([code, stdout.split('\n').length]).toEqual([0, 3]);
});

test('a model of arrays takes columns of numbers, and images', async () => {
  const engine = createReferenceEngine();
  const made = (loss: ReturnType<typeof meanSquaredError>, outputs: number) =>
    createTrainer(engine, sequential([dense(outputs)]), { input: [4], batchSize: 2, loss, optimizer: sgd() });
  const [numbers, classes] = [await made(meanSquaredError(), 2), await made(softmaxCrossEntropy(), 3)];
  await writeFile(at('numbers.net'), await numbers.save());
  await writeFile(at('classes.net'), await classes.save({ classes: ['a', 'b', 'c'] }));
  await writeFile(at('four.csv'), 'p,q,r,s,y\n1,2,3,4,a\n0.5,-1,2,8,c\n');
  await writeFile(
    at('images'),
    Uint8Array.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 51, 102, 255, 9, 8, 7, 6]),
  );

  const x = [
    [1, 2, 3, 4],
    [0.5, -1, 2, 8],
  ];
  const known = await predict(`--load ${at('classes.net')} --data ${at('four.csv')} --target y`);
  const model = await loadModel(engine, await classes.save({ classes: ['a', 'b', 'c'] }));
  const shares = await model.predictProbabilities(x);
  const lines = known.stdout.trim().split('\n');
  expect(lines[0]).toBe('prediction,p_a,p_b,p_c');
  expect(lines[2].split(',').slice(1).map(Number)).toEqual(
    [...shares.subarray(3)].map((p) => Number(p.toPrecision(7))),
  );
  expect(known.stderr).toMatch(/Measures +accuracy .* on 2 rows/);

  const images = await predict(`--load ${at('numbers.net')} --data ${at('images')}`);
  const [first] = await numbers.predict([[0, 0.2, 0.4, 1], [9, 8, 7, 6].map((v) => v / 255)]);
  expect(images.stdout.split('\n')[0]).toBe('prediction_0,prediction_1');
  expect(Number(images.stdout.split('\n')[1].split(',')[0])).toBeCloseTo(first, 5);

  const refused = await predict(`--load ${at('numbers.net')} --data ${at('four.csv')}`);
  expect([refused.code, refused.stderr]).toEqual([
    2,
    `wgrad: ${at('four.csv')}: the model takes 4 columns, got 5; --target names the one with the answers\n`,
  ]);
});

test('the best network of a search predicts too', async () => {
  const line = `tune --reference --data ${at('all.csv')} --target kind --hidden 4 --strategy random --members 2 --epochs 1 --save ${at('best.net')}`;
  expect((await wgrad(line)).code).toBe(0);
  const { code, stdout } = await predict(`--load ${at('best.net')} --data ${at('all.csv')}`);
  expect([code, stdout.split('\n').length]).toEqual([0, ROWS + 2]);
});

test('rows are read from a pipe', async () => {
  const line = ['dist/cli.js', 'predict', '--reference', '--load', at('price.net'), '--data', '-'];
  const child = spawn(process.execPath, line, { stdio: 'pipe' });
  child.stdin.end(csv(Object.keys(COLUMNS), 20));
  expect((await text(child.stdout)).trim().split('\n')).toHaveLength(21);
});

test.each([
  ['--data x.csv', '--load FILE names the model, and it is missing'],
  ['--load q.onnx --data x.csv', '--load: q.onnx is an ONNX file, and --load takes a file of --save'],
  [`--load ${at('none.net')} --data ${at('all.csv')}`, `--load: there is no ${at('none.net')}`],
  [`--load ${at('kind.net')}`, '--data PATH names the rows, and it is missing'],
  [`--load ${at('kind.net')} --data ${at('none.csv.gz')}`, `--data: there is no ${at('none.csv.gz')}`],
  [`--load ${at('kind.net')} --data ${folder}`, `--data: ${folder} is a directory, and the model is one of a table`],
  [
    `--load ${at('kind.net')} --data ${at('all.csv')} --target knd`,
    '--target: no column "knd", did you mean \'kind\'?',
  ],
  [`--load ${at('kind.net')} --data ${at('all.csv')} --samples 1`, '--samples must be an integer >= 2, got 1'],
  [`--load ${at('kind.net')} --data ${at('all.csv')} --out ${at('all.csv')}`, '--data and --out both name'],
  [`--load ${at('classes.net')} --data ${at('four.csv')} --samples 9`, '--samples: the model of'],
])('refuses %s', async (line, message) => {
  const { code, stdout, stderr } = await predict(line);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`wgrad predict: ${message}`);
});

test('a model is exported with its preparation, and ONNX Runtime gives the same labels', async () => {
  const { code, stdout } = await wgrad(`export --load ${at('kind.net')} --to ${at('kind.onnx')}`);
  expect([code, stdout.replace(/\s+/g, ' ')]).toEqual([
    0,
    'Inputs 5 columns: width, colour, day, paid, price ' +
      'Texts in capitals or small letters; ONNX takes no blanks off: do so before, and give a missing one as any unknown ' +
      'value, such as an empty text ' +
      'Numbers are not read from texts: give float64, NaN where one is missing, dates as days since 1970-01-01, clock ' +
      `times as hours, 1 and 0 for yes and no Written ${at('kind.onnx')} `,
  ]);
  const session = await openSession(new Uint8Array(await readFile(at('kind.onnx'))));
  const rows = Array.from({ length: ROWS }, (_, row) => row);
  const column = (name: string, number: boolean) =>
    number
      ? new Tensor(
          'float64',
          rows.map((row) => Number(COLUMNS[name](row) || Number.NaN)),
          [ROWS, 1],
        )
      : new Tensor('string', rows.map(COLUMNS[name]), [ROWS, 1]);
  const days = rows.map((row) => Date.parse(COLUMNS.day(row)) / 86_400_000);
  const { label } = await session.run({
    width: column('width', true),
    price: column('price', true),
    colour: column('colour', false),
    paid: column('paid', false),
    day: new Tensor('float64', days, [ROWS, 1]),
  });
  const predicted = await predict(`--load ${at('kind.net')} --data ${at('all.csv')}`);
  expect(label.data).toEqual(textsOf(await readTable(predicted.stdout), 'prediction'));
});

test.each([
  [`--load ${at('kind.net')}`, 'wgrad export: --to FILE names what to write, and it is missing'],
  [`--to ${at('x.onnx')}`, 'wgrad export: --load FILE names the model, and it is missing'],
  [`--load ${at('all.csv')} --to ${at('x.onnx')}`, `wgrad: --load: ${at('all.csv')}: safetensors: header length`],
  [`--load ${at('kind.net')} --to ${at('kind.net')}`, 'wgrad export: --load and --to both name'],
])('export refuses %s', async (line, message) => {
  const { code, stdout, stderr } = await wgrad(`export ${line}`);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test.each(['predict', 'export'])('the help of %s explains its options, in lines that fit', async (command) => {
  const { code, stdout } = await wgrad(`${command} --help`);
  expect(code).toBe(0);
  expect(stdout).toContain('--load FILE');
  expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

test('answers in another coding than the model has are told', async () => {
  await writeFile(at('codes.csv'), csv(Object.keys(COLUMNS), 30).replace(/,(large|"a ""small"", one"|tiny),/g, ',7,'));
  const { code, stderr } = await predict(`--load ${at('kind.net')} --data ${at('codes.csv')}`);
  expect(code).toBe(0);
  expect(stderr.replace(/\s+/g, ' ')).toContain(
    `Measures none: 30 rows left out, where 'kind' is 7, and the model knows `,
  );
});

test('--json holds predictions and measures as numbers', async () => {
  const { code, stdout } = await predict(
    `--load ${at('price.net')} --data ${at('all.csv')} --json ${at('price.json')}`,
  );
  const { version, model, data, rows, measures, predictions } = await readJson<Record<string, unknown>>(
    at('price.json'),
  );
  expect([code, typeof version, model, data, rows]).toEqual([0, 'string', at('price.net'), at('all.csv'), ROWS]);
  expect(measures).toEqual({
    rows: ROWS,
    rmse: expect.any(Number),
    mae: expect.any(Number),
    r2: expect.any(Number),
  });
  const lines = (predictions as { prediction: number }[]).map(({ prediction }) => String(prediction));
  expect(lines).toEqual(textsOf(await readTable(stdout), 'prediction'));
});

test('samples are drawn for some rows at a time, with masks of their own', async () => {
  using model = await loadModel(createReferenceEngine(), await readFile(at('price.net')));
  const x = new Float32Array(6 * model.features).fill(1); // rows alike
  const deviations = async (most?: number) => {
    const { columns } = await predictRows(model, x, 20, { most });
    return Array.from({ length: 6 }, (_, row) => columns[1].value(row));
  };
  const whole = await deviations();
  const parts = await deviations(2 * 20);
  expect(parts.slice(0, 2)).toEqual(whole.slice(0, 2));
  expect(new Set(parts).size).toBe(6);
});

test('rows are predicted some at a time, to the same answers, and tell how many are done', async () => {
  using model = await loadModel(createReferenceEngine(), await readFile(at('price.net')));
  const x = Float32Array.from({ length: 9 * model.features }, (_, i) => Math.sin(i));
  const answersOf = async (samples: number, block?: number) => {
    const shares: number[] = [];
    const { values } = await predictRows(model, x, samples, { block, onProgress: (share) => shares.push(share) });
    return { values, shares };
  };
  const { values } = await answersOf(0);
  expect(await answersOf(0, 4)).toEqual({ values, shares: [4 / 9, 1] }); // no block of one row
  expect(await answersOf(2, 3)).toEqual({ values, shares: [1 / 9, 2 / 9, 1 / 3, 1] });
});

test('a bar tells how much of a table is prepared, where a person watches', async () => {
  using model = await loadModel(createReferenceEngine(), await readFile(at('price.net')));
  const shown: string[] = [];
  const watched = { isTTY: true, write: (text: string) => shown.push(text) };
  vi.spyOn(process, 'stderr', 'get').mockReturnValue(Object.assign(Object.create(process.stderr), watched));
  let seconds = 0;
  vi.spyOn(Date, 'now').mockImplementation(() => 1000 * seconds++);
  vi.stubEnv('CI', '');
  vi.stubEnv('TERM', 'xterm');
  try {
    await readRows({ load: at('price.net'), data: at('all.csv') }, model, optionValues('wgrad predict'));
  } finally {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
  const features = model.preparation?.features.length ?? 0;
  const bars = shown.filter((text) => text.includes(`preparing ${at('all.csv')}`.slice(0, 60)));
  expect(bars).toHaveLength(2 * features);
  expect(shown.at(-1)).toBe('\r\x1b[K');
});
