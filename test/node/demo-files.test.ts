import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { trainingFromConfig } from '../../src/index.js';
import { DemoPages, download, lastRuns, runsOf, whenAt } from './demo-page.js';

let pages: DemoPages;
beforeAll(async () => {
  pages = await DemoPages.open();
}, 60_000);
afterAll(() => pages?.close());

const STEPS = 10;
const ADDRESS = `lesson=l2&steps=${STEPS}`;

const text = (name: string, content: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
const bytes = (name: string, content: Iterable<number>) => {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(Uint8Array.from(content)) };
};
type File = ReturnType<typeof text>;

/** Twenty examples of two features and a class. */
const GOOD = ['x,y,class', ...Array.from({ length: 40 }, (_, i) => `${i / 10},${(i * 7) % 11},${i % 2}`)];
/** An IDX file of 2 x 2 images says how many there are, and has fewer. */
const SHORT_IDX = [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3];
const LABELS = [0, 0, 8, 1, 0, 0, 0, 40, ...Array.from({ length: 40 }, (_, i) => i % 2)];

/** Files with a mistake, and what of it is said. */
const BAD: readonly (readonly [what: string, files: readonly File[], said: readonly RegExp[]])[] = [
  [
    'a CSV with a word among numbers',
    [text('word.csv', [...GOOD.slice(0, 6), '0.5,seven,1', ...GOOD.slice(6)].join('\n'))],
    [/word\.csv/, /line 7/, /seven/],
  ],
  ['an empty CSV', [text('empty.csv', '')], [/empty\.csv/, /empty|no /]],
  [
    'a ragged CSV',
    [text('ragged.csv', [...GOOD.slice(0, 4), '1,2', ...GOOD.slice(4)].join('\n'))],
    [/ragged\.csv/, /line 5/],
  ],
  ['too few examples', [text('few.csv', GOOD.slice(0, 6).join('\n'))], [/few\.csv/, /at least 10/]],
  [
    'an IDX that is cut off',
    [bytes('images-idx3-ubyte', SHORT_IDX), bytes('labels-idx1-ubyte', LABELS)],
    [/images-idx3-ubyte/, /3/],
  ],
  ['an IDX alone', [bytes('labels-idx1-ubyte', LABELS)], [/two IDX files/]],
  ['safetensors of nothing', [bytes('net.safetensors', [9, 9, 9, 9, 9, 9, 9, 9, 123, 1, 2, 3])], [/net\.safetensors/]],
  ['bytes that are no text', [bytes('noise.csv', [0xff, 0xfe, 0xfd, 0xfc, 1, 2, 3, 4, 5, 6])], [/noise\.csv/, /UTF-8/]],
  [
    'a configuration with an unknown layer',
    [
      text(
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
  ['JSON that is none', [text('broken.json', '{"layers": [')], [/broken\.json/]],
];

const give = (page: Page, files: readonly File[]) => page.locator('#file').setInputFiles([...files]);

test('a file with a mistake is refused, naming file and place, and nothing of what ran is lost', {
  timeout: 120_000,
}, async () => {
  const { page, complaints } = await pages.open({ hash: ADDRESS });
  const before = await whenAt(page, STEPS);
  for (const [what, files, said] of BAD) {
    await give(page, files);
    const problem = () => page.locator('#problem').innerText();
    for (const pattern of said) await expect.poll(problem, { message: what }).toMatch(pattern);
    expect(await runsOf(page), what).toEqual(before);
  }
  await page.locator('#step').click();
  const after = await whenAt(page, STEPS + 1);
  expect(after[0].hash).not.toBe(before[0].hash);
  await expect.poll(() => page.locator('#problem').isVisible()).toBe(false);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a CSV of one’s own trains', { timeout: 60_000 }, async () => {
  const { page, complaints } = await pages.open({ hash: ADDRESS });
  await whenAt(page, STEPS);
  await give(page, [text('mine.csv', GOOD.join('\r\n'))]);
  await expect.poll(() => page.locator('#source').innerText()).toContain('mine.csv');
  expect(await page.locator('#data').inputValue()).toBe('own');
  expect(await page.locator('#source').innerText()).toContain('It stays on this machine');
  await whenAt(page, 0);
  await page.locator('#play').click();
  const runs = await whenAt(page, STEPS);
  expect(runs[0].trainLoss).toBeGreaterThan(0);
  expect(runs[0].trainAccuracy).toBeGreaterThan(0);
  expect(complaints).toEqual([]);
  await page.close();
});

test('model, configuration and history are taken away; a new page goes on with the model', {
  timeout: 120_000,
}, async () => {
  const { page, complaints } = await pages.open({ hash: ADDRESS, frames: true });
  const [, selected] = await whenAt(page, STEPS);
  await page.locator('#menu summary').click();
  const take = (what: string) => download(page, () => page.locator(`[data-export="${what}"]`).click());
  const model = await take('model');
  expect(model.name).toBe(`wgrad-moons-step-${STEPS}.safetensors`);
  const config = await take('config');
  const { model: read } = trainingFromConfig(JSON.parse(config.bytes.toString()));
  expect(read).toBeTruthy();
  const history = await take('history');
  const lines = history.bytes.toString().trim().split('\r\n');
  expect(lines[0]).toBe(
    'run,l2,dropout,learningRate,step,trainLoss,validationLoss,trainAccuracy,validationAccuracy,penalty',
  );
  const steps = (run: number) =>
    lines.filter((line) => line.startsWith(`${run},`)).map((line) => Number(line.split(',')[4]));
  expect(steps(1)).toEqual([0, 1, 2, 4, 8, STEPS]);
  expect(steps(2)).toEqual(steps(1));
  const shown = await page.locator('details[data-chart="loss"] summary');
  await shown.click();
  await expect.poll(() => page.locator('details[data-chart="loss"] tbody tr').count()).toBe(steps(1).length);
  expect((await lastRuns(page))?.length).toBe(2);
  expect(complaints).toEqual([]);
  await page.close();

  const other = await pages.open({ hash: 'lesson=overfit', reducedMotion: true });
  await whenAt(other.page, 0);
  await give(other.page, [{ name: model.name, mimeType: 'application/octet-stream', buffer: model.bytes }]);
  const [dropped] = await whenAt(other.page, STEPS);
  expect(dropped.hash).toBe(selected.hash);
  expect(dropped.knobs).toBe(selected.knobs);
  expect(other.complaints).toEqual([]);
  await other.page.close();
});

test('files are opened where they are dropped, too', { timeout: 60_000 }, async () => {
  const { page, complaints } = await pages.open({ hash: 'lesson=overfit', reducedMotion: true });
  await whenAt(page, 0);
  const data = await page.evaluateHandle((content) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], 'dropped.csv', { type: 'text/csv' }));
    return transfer;
  }, GOOD.join('\n'));
  await page.dispatchEvent('main', 'dragover', { dataTransfer: data });
  expect(await page.locator('body').getAttribute('class')).toContain('dropping');
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await expect.poll(() => page.locator('#source').innerText()).toContain('dropped.csv');
  expect(await page.locator('body').getAttribute('class')).not.toContain('dropping');
  expect(complaints).toEqual([]);
  await page.close();
});
