import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { coloursOf, hashOf, runsOf, test, textOf, type, whenAt } from './demo-page.js';

/** Returns the filled cells of the tables of a panel, or the reason why it is empty. */
function seen(page: Page, tab: string) {
  return page.locator(`#panel-${tab}`).evaluate((panel) => {
    const isShown = (each: HTMLElement) => each.offsetParent !== null;
    const cells = [...panel.querySelectorAll('td')].filter((cell) => isShown(cell) && /\d/.test(cell.textContent));
    const why = panel.querySelector<HTMLElement>('.why');
    return { cells: cells.length, why: why && isShown(why) ? why.textContent : '' };
  });
}

const TABS = ['answer', 'weights', 'mask', 'uncertainty', 'mistakes'];

/** Content of each tab: at least so many canvases, each of several colours; with 0 it is a table. */
const SHOWN: Record<string, Record<string, number>> = {
  'data=moons&run=0_0.2,0.2_0.003': { answer: 1, weights: 3, mask: 1, uncertainty: 1, mistakes: 1 },
  'data=sine&run=0_0.2,0.2_0.003': { answer: 1, weights: 3, mask: 1, uncertainty: 1, mistakes: 1 },
  'data=mnist&examples=64&batch=32&hidden=32&run=0_0.2_0.003': {
    answer: 0,
    weights: 3,
    mask: 1,
    mistakes: 1,
  },
};

test.for(Object.entries(SHOWN))('%s: every tab shows something, or says why not', async ([hash, tabs], { open }) => {
  // To read a canvas back is what this test does, not the page.
  const page = await open({ hash: `${hash}&steps=8`, caused: /willReadFrequently/ });
  await whenAt(page, 8);
  for (const tab of TABS.filter((each) => each in tabs)) {
    await page.locator(`#tab-${tab}`).click();
    const wanted = tabs[tab];
    const isThere = async () => {
      const { why, cells } = await seen(page, tab);
      const canvases = await coloursOf(page, `#panel-${tab} canvas`);
      if (wanted === 0 && cells <= 1) return false;
      return why === '' && canvases.length >= wanted && canvases.every((colours) => colours >= 2);
    };
    await expect.poll(isThere, { message: `${hash}: ${tab}` }).toBe(true);
    if (tab === 'mistakes' && !hash.includes('sine')) expect((await seen(page, tab)).cells).toBeGreaterThan(1);
  }
});

test('without dropout there is no mask and no uncertainty, and it says so', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit&steps=4' });
  await whenAt(page, 4);
  for (const tab of ['mask', 'uncertainty']) {
    await page.locator(`#tab-${tab}`).click();
    await expect.poll(() => page.locator(`#panel-${tab} .why`).innerText()).toMatch(/^Dropout is off here: /);
    expect(await page.locator(`#panel-${tab} .body`).isVisible()).toBe(false);
  }
});

test('of many answers with dropout the mean, the deviation and the entropy are mapped', async ({ open }) => {
  const page = await open({ hash: 'data=moons&run=0_0.2,0.2_0.003&steps=8' });
  await whenAt(page, 8);
  await page.locator('#tab-uncertainty').click();
  const caption = textOf(page, 'uncertain-caption');
  const pixels = () =>
    page.locator('#uncertain-canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL('image/png'));
  const seen = new Set<string>();
  for (const [what, text] of Object.entries({
    entropy:
      /^Entropy of the mean answer of 16 samples; strongest grey: 1\.0 bits\. On average over the map 0\.\d\d bits\.$/,
    deviation:
      /^Deviation of the answer between 16 samples; strongest grey: 0\.5\. On average over the map 0\.\d{3}\.$/,
    mean: /^Mean answer of 16 samples, .* On average over the map it is [5-9]\d\.\d\u00a0% sure\.$/,
  })) {
    await page.locator(`#uncertain-what input[value="${what}"]`).check();
    await expect.poll(caption).toMatch(text);
    seen.add(await pixels());
  }
  expect(seen.size).toBe(3);
});

test('a digit that is drawn gets ten probabilities', async ({ open }) => {
  const hash = 'data=mnist&examples=64&batch=32&hidden=32&steps=8&run=0_0.2_0.003';
  const page = await open({ hash });
  await whenAt(page, 8);
  await page.locator('#tab-uncertainty').click();
  const pad = page.locator('#drawing');
  await pad.scrollIntoViewIfNeeded();
  const rows = page.locator('#digit-means tbody tr td:last-child');
  const box = await pad.boundingBox();
  if (!box) throw new Error('there is no place to draw');
  await page.mouse.move(box.x + box.width / 2, box.y + 0.2 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 0.8 * box.height, { steps: 8 });
  await page.mouse.up();
  const stayed = async () => (await pad.boundingBox())?.y;
  await expect.poll(() => rows.count()).toBe(10);
  expect(await stayed()).toBe(box.y); // the next stroke comes where it is meant to
  expect(await textOf(page, 'say')()).toMatch(/^Run A: most likely \d, /);
  const means = async () => (await rows.allInnerTexts()).map((text) => Number.parseFloat(text));
  const sum = (await means()).reduce((total, each) => total + each, 0);
  expect(sum).toBeGreaterThan(99.4); // ten numbers of one decimal, each off by 0.05 at most
  expect(sum).toBeLessThan(100.6);
  const first = await means();
  // The keyboard does it too, and another digit gets another answer.
  await page.locator('#clear-drawing').click();
  await pad.focus();
  for (let i = 0; i < 10; i++) await pad.press('Shift+ArrowRight');
  for (const key of ['s', 'r', '2']) await pad.press(key); // nothing by mistake
  await expect.poll(means).not.toEqual(first);
});

test('a tab that one comes back to has the colours of now, before the worker has drawn anything for it', async ({
  open,
}) => {
  const page = await open({ hash: 'lesson=search&steps=4', late: 2500, reducedMotion: true });
  await whenAt(page, 0);
  const picture = (selector: string) =>
    page.locator(selector).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
  const paper = () =>
    page
      .locator('#answers canvas')
      .evaluate((canvas: HTMLCanvasElement) => canvas.getContext('2d')?.getImageData(50, 2, 1, 1).data[0]);
  await type(page, 'search-l2', '0');
  await type(page, 'search-dropout', '0');
  await type(page, 'search-epochs', 2);
  await page.locator('#search-start').click();
  await expect.poll(textOf(page, 'search-progress')).toMatch(/^Done/);
  const curves = await picture('#trial-canvas');
  await page.locator('#tab-answer').click();
  await expect.poll(async () => (await coloursOf(page, '#answers canvas'))[0]).toBeGreaterThan(3);
  expect(await paper()).toBeGreaterThan(128);
  await page.locator('#tab-check').click();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(3000); // what was on its way has come
  await page.locator('#tab-answer').click();
  await expect.poll(paper, { timeout: 2000 }).toBeLessThan(128);
  await page.locator('#tab-search').click();
  await expect.poll(() => picture('#trial-canvas'), { timeout: 2000 }).not.toBe(curves);
});

test('everything can be done by keyboard, and nothing by accident while one types', async ({ open }) => {
  const page = await open({ hash: 'lesson=overfit', reducedMotion: true });
  await whenAt(page, 0);
  const playing = () => page.locator('#play').getAttribute('data-playing');
  await page.keyboard.press('s');
  await whenAt(page, 1);
  await page.keyboard.press('Space');
  await expect.poll(playing).toBe('true');
  await page.keyboard.press('Space');
  await expect.poll(playing).toBe('false');
  await page.keyboard.press('r');
  await whenAt(page, 0);

  await page.locator('#seed').focus();
  for (const key of ['s', 'r', '2', 'Space']) await page.keyboard.press(key);
  expect(await page.locator('#seed').inputValue()).toContain('2');
  await page.locator('#seed').fill('1');
  await page.locator('#seed').blur();
  await page.waitForTimeout(200);
  expect((await runsOf(page)).map(({ step }) => step)).toEqual([0]);
  expect(await playing()).toBe('false');

  for (const [i, name] of ['overfit', 'l2', 'dropout', 'both', 'l1', 'search', 'check'].entries()) {
    await page.keyboard.press(String(i + 1));
    await expect.poll(() => hashOf(page)).toContain(`lesson=${name}`);
    await expect.poll(() => page.locator('#lessons a[aria-current]').getAttribute('data-lesson')).toBe(name);
  }
  await page.keyboard.press('l'); // to the lab
  await page.locator('#tab-check').focus();
  const selected = () =>
    page.locator('#tabs [aria-selected="true"]').evaluate((tab) => [tab.id, document.activeElement?.id]);
  for (const [key, id] of Object.entries({
    ArrowLeft: 'search',
    Home: 'answer',
    ArrowRight: 'weights',
    End: 'check',
  })) {
    await page.keyboard.press(key);
    expect(await selected()).toEqual([`tab-${id}`, `tab-${id}`]);
  }
  await page.locator('#l2').focus();
  await page.keyboard.press('3');
  await page.keyboard.press('s');
  await page.keyboard.press('ArrowRight');
  expect(await page.locator('#l2').getAttribute('aria-valuetext')).toBe('λ = 1e−7');
  expect(await hashOf(page)).toContain('lesson=check');

  await page.locator('#help summary').focus();
  await page.keyboard.press('Enter');
  await page.locator('#shortcuts').uncheck();
  await page.keyboard.press('Escape');
  expect(await page.locator('#help').getAttribute('open')).toBeNull();
  expect(await page.evaluate(() => document.activeElement?.parentElement?.id)).toBe('help');
  await page.keyboard.press('1');
  await page.waitForTimeout(400);
  expect(await hashOf(page)).toContain('lesson=check');

  await page.locator('#add-run').click();
  await page.locator('#runs tbody tr:nth-child(2) button').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.className)).toBe('selected');
});
