import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MNIST } from '../../demo/contract/state.js';
import { loadMnist } from '../../src/cli/train/mnist.js';

const ASSETS = 'dist-demo/assets';
const files = readdirSync(ASSETS);

test('the images are the first ones of MNIST, in at most 1.5 MB', async () => {
  const [name] = files.filter((each) => each.endsWith('.gz'));
  const bytes = readFileSync(join(ASSETS, name));
  expect(bytes.length).toBeLessThan(1.5e6);
  const { train, test: held } = await loadMnist();
  const sets = [
    { data: train, count: MNIST.train },
    { data: held, count: MNIST.validation + MNIST.test },
  ];
  let plain = gunzipSync(bytes);
  for (const { data, count } of sets) {
    expect(Buffer.compare(plain.subarray(0, 784 * count), Buffer.from(data.x.subarray(0, 784 * count)))).toBe(0);
    expect([...plain.subarray(784 * count, 785 * count)]).toEqual([...data.y.subarray(0, count)]);
    plain = plain.subarray(785 * count);
  }
  expect(plain.length).toBe(0);
});

test('works from any folder: nothing is named from the root', () => {
  const html = readFileSync('dist-demo/index.html', 'utf8');
  expect(html).not.toMatch(/(src|href)="\/[^/]/);
});
