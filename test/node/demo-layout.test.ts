import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { markup, story } from '../../demo/words/words.js';
import { test, textOf } from './demo-page.js';

test.for([
  { width: 360, height: 640 },
  { width: 390, height: 844 },
])('a phone has the button that starts a search, and the whole map: %o', async (size, { open }) => {
  const page = await open({ hash: 'lesson=search', lab: false, ...size });
  for (const part of ['#search-start', '#search-map tbody']) {
    const box = await page.locator(part).boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? Infinity), part).toBeLessThanOrEqual(size.height);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width);
});

/** The longest sentences of each lesson: what happens, and what to do next. */
const SENTENCES = {
  overfit: [
    [story.overfit.memorises, story.overfit.more],
    [story.overfit.follows('1,000'), story.overfit.fewer],
    [story.overfit.follows('1,000'), markup.story.lesson2],
  ],
  l2: [
    [story.l2.tooMuch('B', '0.316', '51.6 %'), story.l2.less],
    [story.l2.better('B'), story.l2.done],
    [story.pair.betterStrong('B', '78.0 %'), story.l2.doneStrong],
    [story.diverged('B'), `${story.lowerRateInLab} ${story.restart}`],
    [story.turned('B'), story.turnedNext],
    [story.ready.more, story.onCpu('1,000')],
  ],
  dropout: [
    [story.dropout.tooMuch('B', '0.85', '51.6 %'), story.dropout.less],
    [story.pair.betterStrong('B', '78.0 %'), story.dropout.doneStrong],
  ],
  both: [
    [`${story.both.best('C', 'dropout')} ${story.both.allClose}`, story.both.weights],
    [`${story.both.best('C', 'dropout')} ${story.both.allClose}`, story.both.next],
  ],
  l1: [
    [story.l1.betterStrong('B', ''), story.l1.doneStrong],
    [story.l1.better('B'), story.l1.done],
    [story.l1.tooMuch('B', '0.562', ''), story.l1.less],
  ],
};

test('no sentence of a lesson needs more room than there always is, so that nothing below it moves', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=overfit&steps=1', lab: false, reducedMotion: true });
  for (const [lesson, sentences] of Object.entries(SENTENCES)) {
    await page.evaluate((hash) => (location.hash = hash), `lesson=${lesson}&steps=1`);
    await expect.poll(() => page.locator('body').getAttribute('data-lesson')).toBe(lesson);
    for (const [width, height] of [
      [360, 640],
      [390, 844],
      [768, 1024],
      [1024, 768],
      [1366, 768],
      [1920, 1080],
    ]) {
      await page.setViewportSize({ width, height });
      const tall = await page.evaluate((texts) => {
        const result = document.querySelector('#result');
        const [now, next] = ['#story-now', '#story-next'].map((each) => document.querySelector(each));
        if (!result || !now || !next) throw new Error('no sentence');
        const room = Number.parseFloat(getComputedStyle(result).minHeight);
        return texts.filter((text) => {
          [now.textContent, next.textContent] = text;
          return result.getBoundingClientRect().height > room + 1;
        });
      }, sentences);
      expect(tall, `${lesson} at ${width}`).toEqual([]);
    }
  }
});

test('the first Tab of a fresh page offers to skip the header, and a phone shows the open lesson in its row', async ({
  open,
}) => {
  const wide = await open({ hash: 'lesson=search', lab: false });
  const page = await open({ hash: 'lesson=search', lab: false, width: 360, height: 740 });
  const isInRow = async (page: Page) => {
    const row = await page.locator('nav').boundingBox();
    const link = await page.locator('#lessons [aria-current]').boundingBox();
    return row && link && link.x >= row.x && link.x + link.width <= row.x + row.width;
  };
  expect(await isInRow(page)).toBe(true);
  await wide.setViewportSize({ width: 360, height: 740 }); // as when a phone is turned
  await expect.poll(() => isInRow(wide)).toBe(true);
  const focused = () => page.evaluate(() => document.activeElement?.id);
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('skip');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('main');
});

test('the values below a slider stand apart, and within their card', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&steps=1', lab: false, reducedMotion: true });
  for (const lesson of ['overfit', 'l2', 'dropout', 'both', 'l1'] as const) {
    await page.evaluate((hash) => (location.hash = hash), `lesson=${lesson}&steps=1`);
    await expect.poll(() => page.locator('body').getAttribute('data-lesson')).toBe(lesson);
    for (const width of [360, 390, 600, 768, 959, 1024, 1280, 1366, 1440, 1920, 2560]) {
      await page.setViewportSize({ width, height: 800 });
      const found = await page.evaluate(() => {
        const card = document.querySelector('#knob')?.getBoundingClientRect();
        if (!card) throw new Error('no card');
        return [...document.querySelectorAll('#knob .ticks')].flatMap((ticks) => {
          const shown = [...ticks.children].filter((tick) => getComputedStyle(tick).visibility === 'visible');
          const boxes = shown.map((tick) => tick.getBoundingClientRect());
          return boxes.flatMap(({ left, right }, i) => {
            const apart = i === 0 ? left - card.left : left - boxes[i - 1].right;
            return apart < 4 || card.right - right < 6
              ? [`${shown[i].textContent}: ${apart}, ${card.right - right}`]
              : [];
          });
        });
      });
      expect(found, `${lesson} at ${width}`).toEqual([]);
    }
  }
});

/** A page of the lesson on checks whose test writes the facts of a check. */
async function withReport(page: Page) {
  await page.addInitScript(() => {
    globalThis.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        addEventListener('tell', (event) => {
          if (event instanceof CustomEvent) this.dispatchEvent(new MessageEvent('message', { data: event.detail }));
        });
      }
    };
    Object.assign(Element.prototype, { requestFullscreen: undefined }); // the test sets the size itself
  });
  await page.reload();
  await expect.poll(() => page.locator('#verify').isEnabled(), { timeout: 60_000 }).toBe(true);
  const line = 'kernels: map of rows, columns and single elements, '.repeat(20);
  const report = { passed: true, omitted: 40, json: '', text: `${line}\n`.repeat(100) };
  const verdict = `holds: 35 checks, 5,210,772 elements compared, largest error: 61 % of what is allowed; not checked: ${line}`;
  const verify = { running: false, done: 100, total: 100, doing: '', report: { ...report, verdict } };
  return () => page.evaluate((detail) => dispatchEvent(new CustomEvent('tell', { detail })), { verify });
}

test('a whole report scrolls in its own box, and a check fits on the screen, presented or not', async ({ open }) => {
  const page = await open({ hash: 'lesson=check', lab: false });
  const tell = await withReport(page);
  const beyond = async (sizes: readonly (readonly [number, number])[]) => {
    const found: string[] = [];
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      const [x, y] = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth - innerWidth, innerWidth > 500 ? scrollHeight - innerHeight : 0];
      });
      if (x > 0 || y > 0) found.push(`${width} x ${height}: ${x}, ${y}`);
    }
    return found;
  };
  const screens = [
    [1024, 768],
    [1280, 720],
    [1366, 768],
    [1920, 1080],
  ] as const;
  expect(await beyond(screens)).toEqual([]);
  await page.locator('#present').click();
  expect(await beyond(screens), 'presented').toEqual([]);
  await tell();
  await page.locator('#report-whole summary').click();
  expect(await beyond(screens), 'presented, with a report').toEqual([]);
  await page.keyboard.press('Escape');
  expect(await beyond([...screens, [360, 740]]), 'with a report').toEqual([]);
  expect(await textOf(page, 'verdict-facts')()).toMatch(/allowed\. 40 checks were left out: the report names them\.$/);
});
