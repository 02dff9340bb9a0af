import { expect } from 'vitest';
import { createReferenceEngine, loadModel, trainingFromConfig } from '../../src/index.js';
import { differenceOf, openSession, Tensor } from '../onnx/open-session.js';
import { download, give, lastRuns, runsOf, test, textOf, whenAt } from './demo-page.js';

const STEPS = 10;
const ADDRESS = `lesson=l2&steps=${STEPS}`;

const file = (name: string, bytes: string | Iterable<number>) => ({ name, bytes });
type File = ReturnType<typeof file>;

/** Twenty examples of two features and a class. */
const GOOD = ['x,y,class', ...Array.from({ length: 40 }, (_, i) => `${i / 10},${(i * 7) % 11},${i % 2}`)];
/** An IDX file of 2 x 2 images says how many there are, and has fewer. */
const SHORT_IDX = [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3];
const LABELS = [0, 0, 8, 1, 0, 0, 0, 40, ...Array.from({ length: 40 }, (_, i) => i % 2)];

/** Files with a mistake, and what of it is said. */
const BAD: readonly (readonly [what: string, files: readonly File[], said: readonly RegExp[]])[] = [
  [
    'a CSV with another name in every row',
    [file('names.csv', GOOD.map((line, i) => `${line},${i === 0 ? 'name' : `n${i}`}`).join('\n'))],
    [/names\.csv/, /'name' cannot be learned as classes/, /other columns: x, y, class/],
  ],
  ['an empty CSV', [file('empty.csv', '')], [/empty\.csv/, /empty|no /]],
  [
    'a ragged CSV',
    [file('ragged.csv', [...GOOD.slice(0, 4), '1,2', ...GOOD.slice(4)].join('\n'))],
    [/ragged\.csv/, /line 5/],
  ],
  ['too few examples', [file('few.csv', GOOD.slice(0, 6).join('\n'))], [/few\.csv/, /at least 10/]],
  [
    'an IDX that is cut off',
    [file('images-idx3-ubyte', SHORT_IDX), file('labels-idx1-ubyte', LABELS)],
    [/images-idx3-ubyte/, /3/],
  ],
  ['an IDX alone', [file('labels-idx1-ubyte', LABELS)], [/two IDX files/]],
  ['safetensors of nothing', [file('net.safetensors', [9, 9, 9, 9, 9, 9, 9, 9, 123, 1, 2, 3])], [/net\.safetensors/]],
  ['bytes that are no text', [file('noise.csv', [0xff, 0xfe, 0, 0xd8, 1, 2])], [/noise\.csv/, /UTF-16LE/]],
  [
    'a configuration with an unknown layer',
    [
      file(
        'config.json',
        JSON.stringify({
          input: [2],
          batchSize: 10,
          layers: [{ kind: 'dense', units: 4 }, { kind: 'lstm' }],
          loss: { kind: 'softmaxCrossEntropy' },
          optimizer: { kind: 'adam', learningRate: 0.01 },
        }),
      ),
    ],
    [/config\.json/, /lstm/, /layers/],
  ],
  ['JSON that is none', [file('broken.json', '{"layers": [')], [/broken\.json/]],
];

test('a file with a mistake is refused, naming file and place, and nothing of what ran is lost', async ({ open }) => {
  const page = await open({ hash: ADDRESS });
  const before = await whenAt(page, STEPS);
  for (const [what, files, said] of BAD) {
    await give(page, ...files);
    for (const pattern of said) await expect.poll(textOf(page, 'problem'), { message: what }).toMatch(pattern);
    expect(await runsOf(page), what).toEqual(before);
  }
  await page.locator('#step').click();
  const after = await whenAt(page, STEPS + 1);
  expect(after[0].hash).not.toBe(before[0].hash);
  await expect.poll(() => page.locator('#problem').isVisible()).toBe(false);
});

test('a CSV of one’s own trains', async ({ open }) => {
  const page = await open({ hash: ADDRESS });
  await whenAt(page, STEPS);
  await give(page, file('mine.csv', GOOD.join('\r\n')));
  await expect.poll(textOf(page, 'source')).toContain('mine.csv');
  expect(await page.locator('#data').inputValue()).toBe('own');
  expect(await textOf(page, 'source')()).toContain('It stays on this machine');
  await whenAt(page, 0);
  await page.locator('#play').click();
  const runs = await whenAt(page, STEPS);
  expect(runs[0].trainLoss).toBeGreaterThan(0);
  expect(runs[0].trainAccuracy).toBeGreaterThan(0);
});

test('model, configuration and history are taken away; a new page goes on with the model', async ({ open }) => {
  const page = await open({ hash: ADDRESS, frames: true });
  const runs = await whenAt(page, STEPS);
  const [, selected] = runs;
  await page.locator('#menu summary').click();
  const take = (what: string) => download(page, () => page.locator(`[data-export="${what}"]`).click());
  const model = await take('model');
  expect(model.name).toBe(`wgrad-moons-step-${STEPS}.safetensors`);
  const onnx = await take('onnx');
  expect(onnx.name).toBe(`wgrad-moons-step-${STEPS}.onnx`);
  const session = await openSession(new Uint8Array(onnx.bytes));
  using network = await loadModel(createReferenceEngine(), model.bytes);
  const points = Float32Array.from({ length: 20 }, (_, i) => Math.sin(i * i));
  const { output, label } = await session.run({ x: new Tensor('float32', points, [10, 2]) });
  expect(differenceOf(output, await network.predict(points))).toBeLessThan(1e-5);
  expect(label.dims).toEqual([10]);
  const config = await take('config');
  const { model: read } = trainingFromConfig(JSON.parse(config.bytes.toString()));
  expect(read).toBeTruthy();
  const history = await take('history');
  const lines = history.bytes.toString().trim().split('\r\n');
  expect(lines[0]).toBe(
    'run,l2,l1,dropout,dropoutKind,maxNorm,learningRate,step,trainLoss,validationLoss,trainAccuracy,validationAccuracy,penalty,settings',
  );
  const steps = (run: number) =>
    lines.filter((line) => line.startsWith(`${run},`)).map((line) => Number(line.split(',')[7]));
  expect(steps(1)).toEqual([0, 1, 2, 4, 8, STEPS]);
  expect(steps(2)).toEqual(steps(1));
  const shown = await page.locator('details[data-chart="loss"] summary');
  await shown.click();
  await expect.poll(() => page.locator('details[data-chart="loss"] tbody tr').count()).toBe(steps(1).length);
  expect((await lastRuns(page))?.length).toBe(2);
  await page.close();

  const other = await open({ hash: 'lesson=overfit', reducedMotion: true });
  await whenAt(other, 0);
  await give(other, model);
  const [dropped] = await whenAt(other, STEPS);
  expect(dropped.hash).toBe(selected.hash);
  expect(dropped.knobs).toBe(selected.knobs);
  await give(other, history);
  const again = await whenAt(other, 0);
  expect(again.map(({ knobs }) => knobs)).toEqual(runs.map(({ knobs }) => knobs));
});

test('files are opened where they are dropped, too', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit', reducedMotion: true });
  await whenAt(page, 0);
  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'dropped.csv', { type: 'text/csv' }));
    return transfer;
  }, GOOD.join('\n'));
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  expect(await page.locator('body').getAttribute('class')).toContain('dropping');
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await expect.poll(textOf(page, 'source')).toContain('dropped.csv');
  expect(await page.locator('body').getAttribute('class')).not.toContain('dropping');
});
