import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';

const SITE = 'dist-docs';
const run = promisify(execFile);

beforeAll(async () => {
  if (!existsSync('dist-demo/index.html')) throw new Error('docs/site.test: run npm run build first');
  await run(process.execPath, ['docs/site/build-site.mjs']); // rejects if TypeDoc warns
}, 300_000);

/** The text of every HTML file of the site but those of the page, by path. */
const pages = () =>
  new Map(
    readdirSync(SITE, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.html') && !name.startsWith('page'))
      .map((name) => [normalize(join(SITE, name)), readFileSync(join(SITE, name), 'utf8')]),
  );

test('the site has the guides, the entries and the page', () => {
  const all = pages();
  expect(all.size).toBeGreaterThan(100);
  for (const entry of ['wgrad', 'wgrad_ops', 'wgrad_tune', 'wgrad_verify', 'wgrad_node'])
    expect(all.has(`${SITE}/modules/${entry}.html`)).toBe(true);
  expect([...all.keys()].filter((name) => name.startsWith(`${SITE}/documents/`)).length).toBeGreaterThan(15);
  expect(existsSync(`${SITE}/page/index.html`)).toBe(true);
});

test('no link in it is dead, no anchor missing', () => {
  const all = pages();
  const ids = new Map(
    [...all].map(([name, text]) => [name, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
  );
  const dead = [...all].flatMap(([name, text]) =>
    [...text.matchAll(/ (?:href|src)="(?!https?:|data:|mailto:)([^"]*)"/g)]
      .map(([, url]) => url)
      .filter((url) => {
        const [path, anchor] = url.split('#').map(decodeURIComponent);
        const file = path ? normalize(join(dirname(name), path.split('?')[0])) : name;
        return !existsSync(file) || (anchor && ids.has(file) && !ids.get(file)?.has(anchor));
      })
      .map((url) => `${name}: ${url}`),
  );
  expect([...new Set(dead)]).toEqual([]);
});
