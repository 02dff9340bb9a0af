import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { MNIST } from '../../demo/contract/state.js';
import { loadMnist } from '../../src/cli/train/mnist.js';

const ASSETS = 'dist-demo/assets';
const files = readdirSync(ASSETS);
const scripts = new Map(
  files.filter((name) => name.endsWith('.js')).map((name) => [name, readFileSync(join(ASSETS, name), 'utf8')]),
);

/** Bytes as a server with gzip sends them. */
const packed = (names: Iterable<string>) =>
  [...names].reduce((sum, name) => sum + gzipSync(scripts.get(name) ?? '', { level: 9 }).length, 0);

/** A script and all that it imports before it runs. */
function withImports(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, other] of (scripts.get(name) ?? '').matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g))
    withImports(other, found);
  return found;
}

/** The page's script and its worker's, and what both import before they run. */
function firstScripts(): Set<string> {
  const html = readFileSync('dist-demo/index.html', 'utf8');
  const [, entry] = html.match(/<script type="module"[^>]*src="\.\/assets\/([^"]+)"/) ?? [];
  const first = withImports(entry);
  const code = [...first].map((name) => scripts.get(name)).join('\n');
  const [, worker] = code.match(/new URL\([^)]*?([\w-]+\.js)/) ?? [];
  return new Set([...first, ...withImports(worker)]);
}

/**
 * Bytes of JavaScript, gzipped. The page's budget is 80 kB until a lesson trains, of which it takes 16, its worker 10 and the
 * library 44; with all that is loaded when it is asked for (search, check, CPU reference, files) it is 144.
 */
const LIMITS = { first: 80_000, all: 146_000 };

test('what a visitor loads before the first lesson trains stays small, and the rest is loaded when asked for', () => {
  const first = firstScripts();
  const sizes = { first: packed(first), all: packed(scripts.keys()) };
  console.log(`the page: ${JSON.stringify(sizes)} bytes gzipped, ${first.size} of ${scripts.size} scripts at first`);
  expect(first.size).toBeGreaterThan(1);
  expect(sizes.first).toBeLessThanOrEqual(LIMITS.first);
  expect(sizes.all).toBeLessThanOrEqual(LIMITS.all);
});

test('the images are the first ones of MNIST, in at most 1.5 MB', async () => {
  const [name] = files.filter((each) => each.endsWith('.gz'));
  const bytes = readFileSync(join(ASSETS, name));
  expect(bytes.length).toBeLessThan(1.5e6);
  const { train, test: held } = await loadMnist();
  const sets = [
    { data: train, count: MNIST.train },
    { data: held, count: MNIST.validation },
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
