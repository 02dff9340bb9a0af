import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { LESSON_NAMES, lessonOf } from '../../demo/contract/lessons.js';
import { coloursOf, give, hashOf, lastRuns, runsOf, test, textOf, type, untilStep, whenAt } from './demo-page.js';

const seen = (page: Page, selector: string) => page.locator(selector).isVisible();

test('a lesson is one figure and one knob; its lab has everything, and the back button leads back', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=l2&steps=20', lab: false });
  await whenAt(page, 20);
  await expect.poll(async () => (await coloursOf(page, '#answers canvas')).length).toBe(2);
  expect(await page.locator('#knob input').count()).toBe(1);
  for (const part of ['#loss-chart', '#knob', '#story', '#play']) expect(await seen(page, part), part).toBe(true);
  for (const part of ['#runs', '#settings', '#tabs', '#accuracy-chart'])
    expect(await seen(page, part), part).toBe(false);
  // All of it is on the screen.
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);

  const before = await runsOf(page);
  await page.locator('#lab').click();
  for (const part of ['#runs', '#settings', '#tabs', '#accuracy-chart'])
    expect(await seen(page, part), part).toBe(true);
  expect(await seen(page, '#knob')).toBe(false);
  expect(await hashOf(page)).toMatch(/&lab$/);
  await page.goBack();
  await expect.poll(() => seen(page, '#knob')).toBe(true);
  expect(await hashOf(page)).not.toContain('lab');
  expect(await runsOf(page)).toEqual(before); // nothing has started anew
});

test('the slider turns B’s λ while it trains, from off to 1, and nothing else moves', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2&steps=0', lab: false });
  await untilStep(page, 5);
  const place = async () => (await page.locator('#knob-l2').boundingBox())?.y;
  const before = await place();
  const slider = page.locator('#knob-l2');
  await slider.press('End');
  await expect.poll(() => hashOf(page)).toContain('run=1_');
  expect(await slider.getAttribute('aria-valuetext')).toBe('λ = 1');
  await slider.press('Home');
  expect(await slider.getAttribute('aria-valuetext')).toBe('λ = off');
  await slider.press('ArrowRight');
  expect(await slider.getAttribute('aria-valuetext')).toBe('λ = 0.0001');
  await slider.press('ArrowLeft');
  expect(await slider.getAttribute('aria-valuetext')).toBe('λ = off');
  await expect.poll(textOf(page, 'story-now')).toContain('B');
  expect(await place()).toBe(before);
  const [first, second] = await runsOf(page);
  expect([first.step, second.step].every((step) => step > 0)).toBe(true);
});

test('the end of lesson 1 leads to lesson 2, and a slider moved after the end starts a lesson anew', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=overfit&steps=20&examples=1000', lab: false, frames: true });
  await whenAt(page, 20);
  const next = page.locator('#story-lesson');
  await expect.poll(() => next.isVisible()).toBe(true);
  await next.click();
  await expect.poll(() => hashOf(page)).toContain('lesson=l2');
  await expect.poll(() => next.isVisible()).toBe(false);

  await page.evaluate(() => (location.hash = '#lesson=l2&steps=20'));
  const [{ hash: a }, { hash: b }] = await whenAt(page, 20);
  const slider = page.locator('#knob-l2');
  for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await slider.press(key);
  expect(await slider.getAttribute('aria-valuetext')).toBe('λ = 0.00013');
  await expect.poll(() => hashOf(page)).toContain('run=0.00013_');
  await expect.poll(async () => (await lastRuns(page))?.map(({ hash }) => hash)).not.toEqual([a, b]);
  const [first, second] = await whenAt(page, 20);
  expect(first.hash).toBe(a);
  expect(second.hash).not.toBe(b);
  // It has trained with this value alone, and not with those on the way.
  expect((await lastRuns(page))?.map(({ marks }) => marks)).toEqual([[], []]);
});

test('a knob turned while the runs rest throws nothing away, and no picture is labelled with it', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2&steps=20', lab: false });
  const before = await whenAt(page, 20);
  await page.locator('#lab').click();
  await page.locator('#keep').check();
  const said = async () => ({
    now: await textOf(page, 'story-now')(),
    caption: await page.locator('#answers .name').last().innerText(),
    hashes: (await runsOf(page)).map(({ hash }) => hash),
  });
  const turned = (caption: string) => ({
    now: 'B has not trained with your change yet.',
    caption,
    hashes: before.map(({ hash }) => hash),
  });
  await page.locator('#tab-answer').click();
  await type(page, 'l2-exact', 0.5);
  await expect.poll(said).toEqual(turned('λ 0.01 → 0.5'));
  await page.locator('#lab').click();
  await page.locator('#knob-l2').press('End');
  await expect.poll(said).toEqual(turned('λ 0.01 → 1'));
  await page.locator('#play').click();
  await untilStep(page, 21);
  await expect.poll(async () => (await said()).caption).toBe('λ 1');
});

test('the shares above the figure are those of the sentence below, at every moment of training', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2&steps=0', lab: false });
  await untilStep(page, 5);
  const pairs = await page.evaluate(async () => {
    const seen: [string, string][] = [];
    const read = () => {
      const above = [...document.querySelectorAll('#answers .right')].map((each) => parseFloat(each.textContent ?? ''));
      const below = document.querySelector('#headline-more')?.textContent?.match(/[\d.]+(?=\s%)/g) ?? [];
      seen.push([above.join(), below.map(Number).join()]);
    };
    const end = performance.now() + 6000;
    while (performance.now() < end) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      read();
    }
    return seen;
  });
  expect(new Set(pairs.map(([above]) => above)).size).toBeGreaterThan(2); // it was training
  expect(pairs.filter(([above, below]) => above !== below)).toEqual([]);
});

test('validation points are hidden until asked for', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&steps=4', lab: false });
  await whenAt(page, 4);
  const picture = () => page.locator('#answers canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  await page.waitForTimeout(500);
  const before = await picture();
  const isAsBefore = async () => (await picture()) === before;
  await page.locator('#show-validation').check();
  await expect.poll(isAsBefore).toBe(false);
  await page.locator('#show-validation').uncheck();
  await expect.poll(isAsBefore).toBe(true);
});

test('every lesson and its lab fit a small laptop', async ({ open }) => {
  const sizes = ['1366x768', '1280x720', '1024x768'].map((size) => size.split('x').map(Number));
  for (const lesson of LESSON_NAMES) {
    const page = await open({ hash: `lesson=${lesson}&steps=4`, lab: false });
    if (lesson !== 'search' && lesson !== 'check') await whenAt(page, 4);
    if (lesson === 'dropout') await expect.poll(() => seen(page, '#network-figure')).toBe(true);
    const beyond = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      await expect.poll(beyond, { message: `${lesson} at ${width} x ${height}` }).toBe(0);
    }
    await page.locator('#lab').click();
    for (const [width, height] of sizes.slice(0, 2)) {
      await page.setViewportSize({ width, height });
      await expect.poll(beyond, { message: `the lab of ${lesson} at ${width} x ${height}` }).toBe(0);
    }
    await page.close();
  }
});

/** Returns the parts of the lesson that lie below another element, at every place to which the page scrolls. */
const coveredParts = (page: Page) =>
  page.evaluate(() => {
    const covered: string[] = [];
    const parts = ['#answers canvas, #first-layers canvas', '#story', '#knob input', '#play', '#loss-chart'];
    const last = document.documentElement.scrollHeight - innerHeight;
    for (let top = 0; top <= last + 39; top += 40) {
      scrollTo(0, Math.min(top, last));
      for (const part of parts) {
        const box = document.querySelector(part)?.getBoundingClientRect();
        for (const share of [0.05, 0.5, 0.95]) {
          const [x, y] = box ? [box.x + box.width / 2, box.y + share * box.height] : [0, 0];
          if (y < 0 || y >= innerHeight) continue;
          const found = document.elementFromPoint(x, y);
          if (!found?.closest(part)) covered.push(`${part} at ${top} by ${found?.tagName} ${found?.id}`);
        }
      }
    }
    scrollTo(0, 0);
    return covered;
  });

test.for([
  { width: 360, height: 640 },
  { width: 360, height: 740 },
  { width: 390, height: 844 },
])('a phone has boundary, slider and curve on one screen, and nothing covers them: %o', async (size, { open }) => {
  for (const lesson of ['overfit', 'l2', 'dropout', 'both', 'l1'] as const) {
    const page = await open({ hash: `lesson=${lesson}&steps=8`, lab: false, ...size });
    await whenAt(page, 8);
    const figures = lesson === 'l1' ? '#first-layers canvas' : '#answers canvas';
    await expect.poll(() => page.locator(figures).count()).toBe(lessonOf(lesson).state.runs.length);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), lesson).toBe(size.width);
    expect(await coveredParts(page), lesson).toEqual([]);
    for (const part of [figures, '#knob', '#play', '#reset', '#loss-chart']) {
      const box = await page.locator(part).last().boundingBox();
      expect((box?.y ?? 0) + (box?.height ?? Infinity), `${part} of ${lesson}`).toBeLessThanOrEqual(size.height);
    }
    await page.close();
  }
});

test('on a phone the button that removes a run stands within its panel', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2&steps=2', width: 360, height: 740 });
  await whenAt(page, 2);
  const boxes = await Promise.all(
    ['#compare .scroll', '#runs tbody tr:last-child button'].map((each) => page.locator(each).boundingBox()),
  );
  const [panel, button] = boxes.map((box) => (box ? box.x + box.width : Number.NaN));
  expect(button).toBeLessThanOrEqual(panel);
  expect(panel).toBeLessThanOrEqual(360);
});

test('what stands below the figure of a phone is where it stays, before there is anything to draw', async ({
  open,
}) => {
  for (const lesson of ['overfit', 'l2', 'both'] as const) {
    const page = await open({ hash: `lesson=${lesson}&steps=2`, lab: false, width: 360, height: 740 });
    const story = async () => (await page.locator('#story').boundingBox())?.y ?? 0;
    const before = await story();
    await whenAt(page, 2);
    await expect.poll(() => page.locator('#answers canvas').count()).toBe(lessonOf(lesson).state.runs.length);
    expect(Math.abs((await story()) - before), lesson).toBeLessThan(8);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), lesson).toBe(360);
    await page.close();
  }
});

test('in the lesson on dropout the units that this step drops can be seen', async ({ open }) => {
  const page = await open({ hash: 'lesson=dropout&steps=8', lab: false });
  await whenAt(page, 8);
  await expect
    .poll(textOf(page, 'network-caption'))
    .toMatch(/^Network B in step 8, for one point: [3-9]\d of 128 units/);
  expect((await coloursOf(page, '#network-canvas'))[0]).toBeGreaterThan(3);
  await page.locator('#lessons a[data-lesson="l2"]').click();
  await expect.poll(() => seen(page, '#network-figure')).toBe(false);
});

test('the way to a file is not promised by a link', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit', reducedMotion: true });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await whenAt(page, 0);
  const rows = Array.from({ length: 40 }, (_, i) => `${i / 10},${(i * 7) % 11},${i % 2}`);
  await give(page, { name: 'mine.csv', bytes: ['x,y,class', ...rows].join('\n') });
  await expect.poll(textOf(page, 'source')).toContain('mine.csv');
  await page.locator('#copy-link').click();
  await expect.poll(textOf(page, 'copy-link')).toBe('Copied, without your file');
});

test.for([
  { lesson: 'both', width: 1024, height: 768, least: 1.1 },
  { lesson: 'l2', width: 1024, height: 768, least: 1.1 },
  { lesson: 'check', width: 1024, height: 768, least: 1.1 },
  { lesson: 'check', width: 1280, height: 720, least: 1.1 },
  { lesson: 'overfit', width: 1920, height: 1080, least: 1.25 },
])('present shows all of a lesson in larger text: %o', async ({ lesson, width, height, least }, { open }) => {
  const page = await open({ hash: `lesson=${lesson}&steps=2`, lab: false, width, height });
  if (lesson !== 'check') await whenAt(page, 2);
  const text = () =>
    page.evaluate(() => ({
      sizes: ['#lesson h2', '#lesson p', '#answers figcaption', '.ticks', '#verify'].map((each) => {
        const found = document.querySelector(each);
        return found?.getClientRects().length ? Number.parseFloat(getComputedStyle(found).fontSize) : 0;
      }),
      beyond: [document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth],
    }));
  const before = await text();
  await page.locator('#present').click();
  await expect.poll(() => seen(page, 'footer')).toBe(false);
  const { sizes, beyond } = await text();
  for (const [i, each] of sizes.entries()) expect(each, String(i)).toBeGreaterThanOrEqual(least * before.sizes[i]);
  expect(beyond).toEqual([0, 0]);
});

test('with forced colours it can be seen what is chosen, and what the legends mean', async ({ open }) => {
  for (const dark of [false, true]) {
    const page = await open({ hash: 'lesson=l2&steps=2', dark, reducedMotion: true });
    await page.emulateMedia({ forcedColors: 'active' });
    await expect.poll(() => page.locator('#answers canvas').count()).toBe(2);
    const styles = (selector: string, name: string) =>
      page
        .locator(selector)
        .evaluateAll((all, name) => all.map((each) => getComputedStyle(each).getPropertyValue(name)), name);
    const [a, b] = await styles('#answers canvas', 'border-top-color');
    expect(b).not.toBe(a);
    const [chosen, ...others] = await styles('#tabs button', 'border-bottom-color');
    expect(others).not.toContain(chosen);
    const ground = await styles('body', 'background-color');
    for (const swatch of await styles('.legend .swatch', 'background-color')) expect(ground).not.toContain(swatch);
    await page.close();
  }
});

test('present leaves figure, sentence and slider, and Escape ends it', async ({ open }) => {
  const page = await open({ hash: 'lesson=l2', lab: false, reducedMotion: true });
  await whenAt(page, 0);
  await page.locator('#present').click();
  for (const part of ['footer', '#copy-link', '#lab']) await expect.poll(() => seen(page, part)).toBe(false);
  for (const part of ['#answers', '#story', '#knob']) expect(await seen(page, part), part).toBe(true);
  await page.keyboard.press('Escape');
  await expect.poll(() => seen(page, '#lab')).toBe(true);
});
