import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { chromiumFlags, executablePath } from '../chromium.js';

/** A page without a bundler: it trains, saves, loads, searches and verifies with the names of one file. */
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module">
import {
  choice, createEngine, createTrainer, dataset, dense, grid, l2, loadTrainer, relu, search, sequential, sgd,
  softmaxCrossEntropy, verifyEngine,
} from './wgrad.min.js';

const x = Float32Array.from({ length: 64 * 2 }, (_, i) => Math.sin(i * i));
const y = Uint8Array.from({ length: 64 }, (_, row) => Number(x[2 * row] > 0));
const train = dataset({ x, y, features: 2, classes: 2 });
const engine = await createEngine();
const model = sequential([dense(8), relu(), dense(2)]);
const options = { input: [2], batchSize: 16, loss: softmaxCrossEntropy(), regularizer: l2(1e-4), optimizer: sgd() };
const trainer = await createTrainer(engine, model, { ...options, optimizer: sgd({ learningRate: 0.5 }), seed: 1 });
const losses = [];
for await (const { trainLoss } of trainer.fit(train, { epochs: 4 })) losses.push(trainLoss);
const loaded = await loadTrainer(engine, await trainer.save());
const run = search(engine, model, {
  ...options, space: { l2: choice([0, 0.1]) }, strategy: grid(), budget: { epochs: 1 }, seed: 1, train, validation: train,
});
for await (const _ of run);
const [saved, read] = [await trainer.evaluate(train), await loaded.evaluate(train)];
const report = await verifyEngine(engine, { kernel: 'matmul-nt', shape: { m: 5, n: 6, k: 7 }, seed: 7 });
globalThis.facts = {
  losses, isSame: saved.loss === read.loss, trials: run.result.trials.map(({ status }) => status), passed: report.passed,
};
</script>`;

declare global {
  var facts: { losses: number[]; isSame: boolean; trials: string[]; passed: boolean } | undefined;
}

test('a page without a bundler trains, loads, searches and verifies after one request for a script', async () => {
  const requests: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url);
    const isPage = request.url === '/';
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
    response.end(isPage ? PAGE : readFileSync('dist/wgrad.min.js'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect
      .poll(async () => errors.length > 0 || (await page.evaluate(() => !!globalThis.facts)), { timeout: 50_000 })
      .toBe(true);
    expect(errors).toEqual([]);
    const facts = await page.evaluate(() => globalThis.facts);
    expect(facts).toMatchObject({ isSame: true, trials: ['finished', 'finished'], passed: true });
    expect(facts?.losses[3]).toBeLessThan(facts?.losses[0] ?? 0);
    expect(requests).toEqual(['/', '/wgrad.min.js']);
  } finally {
    await browser.close();
    server.close();
  }
});
