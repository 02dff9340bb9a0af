import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { search as words } from '../../demo/words/words.js';
import { coloursOf, download, hashOf, type Open, runsOf, test, textOf, type } from './demo-page.js';

interface Plan {
  readonly l2: string;
  readonly dropout: string;
  readonly epochs: number;
  readonly strategy?: 'halving';
}

/** Opens the lesson and searches as planned, to the end. */
async function search(open: Open, { l2, dropout, epochs, strategy }: Plan): Promise<Page> {
  const page = await open({ hash: 'lesson=search' });
  await expect.poll(textOf(page, 'search-budget')).not.toBe(''); // the lesson's plan is in its boxes
  await type(page, 'search-l2', l2);
  await type(page, 'search-dropout', dropout);
  await type(page, 'search-epochs', epochs);
  if (strategy) await page.locator('#search-strategy').selectOption(strategy);
  await page.locator('#search-start').click();
  await expect.poll(textOf(page, 'search-progress'), { timeout: 300_000 }).toMatch(/^Done/);
  return page;
}

const cellsOf = (page: Page) =>
  page.locator('#search-map button').evaluateAll((all) =>
    all.map((cell) => ({
      status: cell.dataset.status,
      text: cell.textContent,
      value: Number(cell.textContent),
      best: cell.classList.contains('best'),
      tie: cell.classList.contains('tie'),
    })),
  );

test('a search fills its map and rings the best cell; a cell is adopted; the trials can be taken away', async ({
  open,
}) => {
  const page = await search(open, { l2: '0, 0.003, 0.1', dropout: '0, 0.3', epochs: 4 });
  const cells = await cellsOf(page);
  expect(cells.map(({ status }) => status)).toEqual(new Array(6).fill('finished'));
  const losses = cells.map(({ value }) => value);
  expect(losses.every((loss) => loss > 0 && loss < 10)).toBe(true);
  expect(new Set(losses).size).toBeGreaterThan(1);
  expect(cells.filter(({ best }) => best).map(({ value }) => value)).toEqual([Math.min(...losses)]);
  // As many are marked as are told, and they are the next best.
  const ties = cells.filter(({ tie }) => tie);
  const told = await textOf(page, 'search-progress')();
  expect(told).toMatch(
    /On test points, from 5 other seeds \(mean ± standard deviation\): loss \d\.\d+ ± \d\.\d+, accuracy /,
  );
  expect(told).toContain(
    ties.length === 0 ? 'No other cell' : ties.length === 1 ? 'Another cell' : `${ties.length} other`,
  );
  const worstTie = Math.max(...ties.map(({ value }) => value), Math.min(...losses));
  expect(cells.filter(({ tie, best, value }) => !tie && !best && value < worstTie)).toEqual([]);

  await page.locator('#search-map button[data-cell="3"]').click(); // row of λ = 0.003, column of p = 0.3
  await expect.poll(textOf(page, 'trial-title')).toBe('λ 0.003, p 0.3');
  expect((await coloursOf(page, '#trial-canvas'))[0]).toBeGreaterThan(2);
  // Along the map by keyboard: to the right, down, and back.
  for (const [key, cell] of Object.entries({ ArrowLeft: '2', ArrowDown: '4', ArrowUp: '2', End: '3' })) {
    await page.keyboard.press(key);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-cell'))).toBe(cell);
    const pressed = page.locator('#search-map [aria-pressed="true"]');
    await expect.poll(() => pressed.getAttribute('data-cell')).toBe(cell); // drawn with the next frame
    expect(await page.locator('#search-map [tabindex="0"]').count()).toBe(1);
  }
  await page.locator('#trial-table summary').click();
  const rows = await page.locator('#trial-table tbody tr').allInnerTexts();
  expect(rows).toHaveLength(4);
  for (const [i, row] of rows.entries()) expect(row).toMatch(new RegExp(`^${i + 1}\\s+\\d\\.\\d{3}\\s+\\d\\.\\d{3}$`));
  expect((await runsOf(page))[0].knobs).not.toContain('0.003');
  await page.locator('#adopt').click();
  const adopted = words.adopted(words.setting('0.003', '0.3'), 'B');
  expect(await textOf(page, 'search-adopted')()).toBe(adopted); // and not how to come to the lab, where one is
  expect(await page.locator('#l2-exact').inputValue()).toBe('0.003');
  expect(await page.locator('#dropout-0-exact').inputValue()).toBe('0.3');
  expect(await page.locator('#dropout-1-exact').inputValue()).toBe('0.3');
  // It becomes a run of its own, beside the one there was.
  await expect.poll(async () => (await runsOf(page))[1]?.knobs).toMatch(/0\.003.*0\.3/);
  await expect.poll(() => hashOf(page)).toContain('run=0.003_0.3,0.3_');

  expect(await page.locator('#search-stale').isVisible()).toBe(false);
  const csv = await download(page, () => page.locator('#search-csv').click());
  const [head, ...lines] = csv.bytes.toString().trim().split(/\r?\n/);
  const columns = head.split(',');
  const trial = columns.indexOf('id');
  expect(trial).toBeGreaterThanOrEqual(0);
  expect(new Set(lines.map((line) => line.split(',')[trial])).size).toBe(6);
  for (const line of lines) expect(line.split(',').length).toBe(columns.length);
  const json = await download(page, () => page.locator('#search-json').click());
  const { trials } = JSON.parse(json.bytes.toString());
  expect(
    trials.map(({ config }: { config: { l2: number; dropout: number } }) => [config.l2, config.dropout]).sort(),
  ).toEqual([0, 0.003, 0.1].flatMap((l2) => [0, 0.3].map((dropout) => [l2, dropout])));
  await type(page, 'examples-exact', 140);
  await expect.poll(() => page.locator('#search-stale').isVisible()).toBe(true); // the map is of 150
});

test('the time is told before the start, and while it runs the time that is left, for halving too', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=search', lab: false });
  await expect
    .poll(textOf(page, 'search-budget'))
    .toMatch(/^42 networks side by side, 14,100 steps in all. It takes .+ on this device.$/);
  await page.locator('#search-values summary').click();
  await page.locator('#search-strategy').selectOption('halving');
  await expect.poll(textOf(page, 'search-budget')).toMatch(/^42 networks side by side, 4,605 steps in all. It takes /);
  await page.locator('#search-start').click();
  const progress = textOf(page, 'search-progress');
  await expect
    .poll(progress, { timeout: 60_000 })
    .toMatch(/^Best so far: λ .+, p .+, with loss .+\. Round 1, epoch \d+ of 11, .+ left\.$/);
  const bar = page.locator('#search-bar');
  expect(await bar.evaluate((each: HTMLProgressElement) => each.value)).toBeGreaterThan(0);
  await page.locator('#search-stop').click();
  await expect.poll(textOf(page, 'search-budget')).toMatch(/It takes .+ on this device.$/);
  // Other data are measured again.
  const budgets = await page.locator('#search-budget').evaluateHandle((budget) => {
    const texts: (string | null)[] = [];
    new MutationObserver(() => texts.push(budget.textContent)).observe(budget, { childList: true });
    return texts;
  });
  await page.locator('#lab').click();
  await type(page, 'examples-exact', 140);
  const isMeasuredAgain = async () => {
    const texts = await budgets.jsonValue();
    return texts.some((text) => text?.includes('Measuring')) && texts.at(-1)?.includes('It takes');
  };
  await expect.poll(isMeasuredAgain).toBe(true);
});

test('halving drops the worse cells on the way, and keeps the best', async ({ open }) => {
  const page = await search(open, {
    l2: '0, 0.01, 1',
    dropout: '0, 0.3, 0.6',
    epochs: 9,
    strategy: 'halving',
  });
  const cells = await cellsOf(page);
  const statuses = cells.map(({ status }) => status);
  expect(statuses.filter((status) => status === 'finished')).toHaveLength(1);
  expect(statuses.filter((status) => status === 'dropped')).toHaveLength(8);
  expect(cells.filter(({ best }) => best)).toHaveLength(1);
  // What was dropped early was not seen to its end, so nothing is said of who is as good.
  expect(cells.filter(({ tie }) => tie)).toEqual([]);
  expect(await textOf(page, 'search-progress')()).toMatch(
    / 8 cells were dropped before their end: some might have come as far\.$/,
  );
  expect(await page.locator('#search-map caption').innerText()).toMatch(/Struck out: dropped, after fewer epochs\.$/);
});

test('a search fits on a small projector from its start to its end, presented or not', async ({ open }) => {
  const page = await open({ hash: 'lesson=search', lab: false, width: 1024, height: 768 });
  await page.addInitScript(() => Object.assign(Element.prototype, { requestFullscreen: undefined }));
  await page.reload();
  const beyond = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  for (const isPresented of [false, true]) {
    if (isPresented) await page.locator('#present').click();
    await page.evaluate(
      (texts) => {
        for (const [id, text] of Object.entries(texts)) {
          const found = document.getElementById(id);
          if (found?.parentElement) found.hidden = found.parentElement.hidden = false;
          if (found) found.textContent = text;
        }
      },
      {
        'search-progress': `Done, 39 s. ${words.best(words.setting('0.0001', '0.3'))} ${words.tested(5, '0.504 ± 0.004', '77.2 % ± 0.5 %', 0)} ${words.ties(12)}`,
        'adopted-setting': words.adopted(words.setting('0.0001', '0.3'), 'B'),
      },
    );
    await expect.poll(() => page.locator('#search-map button').count()).toBe(42);
    expect(await beyond(), String(isPresented)).toBe(0);
  }
});

test('a search that is stopped says so, keeps what it found, and the focus is where one can go on', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=search' });
  await page.locator('#search-start').click(); // of 100 epochs
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await expect.poll(focused).toBe('search-stop');
  await expect.poll(textOf(page, 'search-progress')).toMatch(/ Epoch [2-9] of 100, /);
  await page.locator('#search-stop').press('Enter');
  await expect.poll(textOf(page, 'search-progress')).toMatch(/^Stopped: epoch \d+ of 100, .* Best: /);
  await expect.poll(focused).toBe('search-start');
  const cells = await cellsOf(page);
  expect(cells.every(({ value, status }) => value > 0 && status === 'stopped early')).toBe(true);
});

test('a plan that cannot be searched starts nothing, and the box says why', async ({ open }) => {
  const page = await open({ hash: 'lesson=search' });
  await expect.poll(textOf(page, 'search-budget')).not.toBe('');
  await type(page, 'search-l2', '0, lots');
  await expect.poll(textOf(page, 'search-budget')).toContain('cannot be used');
  await page.locator('#search-start').click();
  expect(await page.locator('#search-l2').evaluate((box: HTMLInputElement) => box.validationMessage)).toContain(
    '1 to 10 numbers',
  );
  expect((await cellsOf(page)).every(({ text }) => text === '·')).toBe(true);
});
