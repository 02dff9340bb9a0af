import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readHardwareOptions } from '../hardware/hardware-options.js';
import type { HardwareReport } from '../hardware/main.js';
import { hardwarePage } from '../hardware/page.js';
import { PARTS, type Part } from '../hardware/parts.js';
import { type PartRun, runPart, secondsFor } from '../hardware/run-parts.js';
import { scratchFolder } from './scratch-folder.js';

const spread = { min: 1, median: 2, max: 3 };
const run = (more: Partial<PartRun>): PartRun => ({
  name: 'verify',
  title: 'Every kernel',
  command: 'npm run verify',
  status: 'done',
  seconds: 12,
  exitCode: 0,
  result: null,
  output: '1 < 2',
  ...more,
});

function reportOf(software: boolean, ...parts: readonly PartRun[]): HardwareReport {
  const device = {
    adapter: 'A GPU',
    software,
    host: 'Node 20',
    info: { description: 'driver 5 & 6' },
    features: [],
    limits: {},
    dispatch: { inPass: spread, inSubmit: spread },
  };
  return {
    format: 'wgrad-hardware',
    version: '0.1.0',
    date: '2026-11-30T00:00:00Z',
    command: 'npm run hardware',
    minutes: 10,
    system: { platform: 'linux', processor: '2 x CPU', node: '20' },
    device,
    parts: [run({ name: 'device', title: 'Device', command: null, result: device }), ...parts],
  };
}

describe('the page', () => {
  test('says of a software device that it is no GPU, and of a GPU nothing of the kind', () => {
    expect(hardwarePage(reportOf(true))).toContain('line-height: 1.1; margin: 1rem 0">SOFTWARE</p>');
    expect(hardwarePage(reportOf(false))).not.toContain('SOFTWARE');
  });

  test('names device, driver, date and commands, and shows products', () => {
    const row = {
      kernel: 'matmul-nt',
      sizes: { m: 512, n: 256, k: 128 },
      variant: 'tiled',
      chosen: true,
      milliseconds: spread,
      gflops: 1234.5,
      ofPeak: { min: 0.5, median: 0.625, max: 0.75 },
    };
    const page = hardwarePage(reportOf(false, run({}), run({ name: 'products', result: { rows: [row] } })));
    for (const text of ['A GPU', 'driver 5 &amp; 6', '2026-11-30T00:00:00Z', '<td>npm run verify</td>', '1 &lt; 2']) {
      expect(page).toContain(text);
    }
    expect(page).toContain(
      '<td>matmul-nt</td><td>512 x 256 x 128</td><td>tiled, chosen</td><td>1.00 / 2.00 / 3.00</td><td>1,235</td><td>63 %</td>',
    );
    expect(page).toContain('Nothing was left out.');
  });

  test('says what was left out, and shows what stopped parts had', () => {
    const page = hardwarePage(
      reportOf(false, run({ status: 'stopped' }), run({ name: 'reproduce', status: 'left out' })),
    );
    expect(page).toContain('Not whole: verify (stopped), reproduce (left out).');
  });
});

describe('the time', () => {
  const part = (seconds: number): Part => ({ name: 'a', title: 'A', seconds, arguments: () => [] });

  test.each([
    ['all fit exactly', [part(30), part(70)], 100, 30],
    ['there is more', [part(30), part(70)], 200, 60],
    ['there is less', [part(30), part(70)], 50, 15],
    ['it is the last', [part(0)], 400, 400],
    ['only the last one has no share', [part(30), part(0)], 40, 40],
    ['it is over', [part(30), part(70)], 7.9, 0],
  ])('%s', (_, parts, left, wanted) => {
    expect(secondsFor(parts, left)).toBe(wanted);
  });

  test('the parts that tell most of a device fit into ten minutes', () => {
    expect(PARTS.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(600);
  });
});

test('a part may end, fail or be stopped', async () => {
  const folder = await scratchFolder();
  writeFileSync(
    join(folder, 'part.js'),
    `const [name, , file] = process.argv.slice(2);
     if (name !== 'hangs') require('node:fs').writeFileSync(file, '{"of":"' + name + '"}');
     console.log('ran', name);
     if (name === 'fails') process.exitCode = 5;
     if (name === 'hangs') setInterval(() => {}, 1000);`,
  );
  writeFileSync(join(folder, 'package.json'), '{}');
  const part = (name: string): Part => ({ name, title: name, seconds: 1, arguments: () => [name], command: String });
  const options = { folder, minutes: 1, log: () => {} };
  expect(await runPart(part('ends'), 60, options)).toMatchObject({
    status: 'done',
    exitCode: 0,
    result: { of: 'ends' },
    output: 'ran ends\n',
    command: 'ends',
  });
  expect(await runPart(part('fails'), 60, options)).toMatchObject({
    status: 'failed',
    exitCode: 5,
    result: { of: 'fails' },
  });
  expect(await runPart(part('hangs'), 0.01, options)).toMatchObject({ status: 'stopped', result: null });
});

test.each([
  [['--minutes', '0'], '--minutes must be'],
  [['--parts', 'verfy'], 'got "verfy", did you mean \'verify\'?'],
  [['--part', 'verify'], "unknown option '--part', did you mean '--parts'?"],
])('npm run hardware refuses %j', (args, message) => {
  expect(() => readHardwareOptions(args)).toThrow(message);
});
