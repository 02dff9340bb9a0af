import { expect, test } from 'vitest';
import { makeOnce, makeOncePer } from '../../src/promises/make-once.js';

test('calls at the same time and later ones share one promise', async () => {
  let calls = 0;
  const get = makeOnce(async () => ++calls);
  const first = get();
  expect(get()).toBe(first);
  expect(await first).toBe(1);
  expect(await get()).toBe(1);
});

test('a rejection reaches everyone who waits, and the next call tries again', async () => {
  let calls = 0;
  const get = makeOnce(async () => {
    if (++calls === 1) throw new Error('not yet');
    return calls;
  });
  expect(await Promise.allSettled([get(), get()])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  expect(await get()).toBe(2);
});

test('each key has a promise of its own', async () => {
  const made = new Map<string, Promise<number>>();
  let calls = 0;
  const get = (key: string) => makeOncePer(made, key, async () => ++calls);
  expect([await get('a'), await get('b'), await get('a')]).toEqual([1, 2, 1]);
  expect([...made.keys()]).toEqual(['a', 'b']);
});
