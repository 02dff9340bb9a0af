import { describe, expect, test } from 'vitest';
import { type Key, philox } from '../../src/random/philox.js';

const hex = (words: Iterable<number>) => Array.from(words, (word) => word.toString(16).padStart(8, '0')).join(' ');
const words = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));

function call(counter: string, key: string): string {
  const [c0, c1, c2, c3] = words(counter);
  const [k0, k1] = words(key);
  return hex(philox(c0, c1, c2, c3, [k0, k1], new Uint32Array(4)));
}

describe('Philox4x32-10', () => {
  // Random123 1.14, tests/kat_vectors; the last two: the counter as wgrad lays it out (quad, step, layer, sample).
  test.each([
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
    ['00000000 00000007 00000002 00000000', '12345678 9abcdef0', '90563905 bfb38e7d 6cbfc51d 27a11aee'],
    ['00000001 00000007 00000002 00000000', '12345678 9abcdef0', 'bad4e3ad 19eb4292 449bb4fd 6eddd874'],
  ])('counter %s, key %s', (counter, key, expected) => {
    expect(call(counter, key)).toBe(expected);
  });

  test('writes into the array that it is given', () => {
    const out = new Uint32Array(4);
    const key: Key = [1, 2];
    expect(philox(3, 4, 5, 6, key, out)).toBe(out);
    expect(hex(out)).toBe(hex(philox(3, 4, 5, 6, key, new Uint32Array(4))));
    expect(key).toEqual([1, 2]);
  });

  test('every word of the counter and of the key counts', () => {
    const results = new Set([
      call('00000001 00000002 00000003 00000004', '00000005 00000006'),
      call('00000000 00000002 00000003 00000004', '00000005 00000006'),
      call('00000001 00000000 00000003 00000004', '00000005 00000006'),
      call('00000001 00000002 00000000 00000004', '00000005 00000006'),
      call('00000001 00000002 00000003 00000000', '00000005 00000006'),
      call('00000001 00000002 00000003 00000004', '00000000 00000006'),
      call('00000001 00000002 00000003 00000004', '00000005 00000000'),
    ]);
    expect(results.size).toBe(7);
  });
});
