import { expect, test } from 'vitest';
import { normalCdf, normalDensity } from '../../src/random/normal.js';
import { ULP } from '../../src/reference/rounding.js';
import { NORMAL_TAIL } from './elementwise-cases.js';

const shaders = import.meta.glob<string>('/shaders/ops/gelu*.wgsl', { query: '?raw', eager: true, import: 'default' });

// From mpmath 1.3 with 40 digits.
test.each([
  [-30, 4.906713927148187e-198],
  [-10, 7.6198530241605e-24],
  [-5, 2.866515718791939e-7],
  [-3, 0.001349898031630094],
  [-2.9, 0.0018658133003840384],
  [-1, 0.15865525393145705],
  [0, 0.5],
  [0.001, 0.500398942213911],
  [0.5, 0.6914624612740131],
  [1, 0.8413447460685429],
  [3.1, 0.9990323967867817],
  [40, 1],
])('normalCdf(%f) = %f', (x, expected) => {
  expect(Math.abs(normalCdf(x) / expected - 1)).toBeLessThan(1e-13);
});

test('the density is the derivative of the distribution function', () => {
  for (let x = -6; x <= 6; x += 0.37) {
    const slope = (normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5;
    expect(Math.abs(slope - normalDensity(x))).toBeLessThan(1e-10);
  }
});

const grid = Array.from({ length: 20001 }, (_, i) => i / 1000); // |x| from 0 to 20
const qOf = (a: number) => 3 / (3 + a);
const exactTail = (a: number) => normalCdf(-a) * Math.exp((a * a) / 2);

test('the polynomial of gelu.wgsl is within 0.85 units in the last place of the tail', () => {
  let worst = 0;
  for (const a of grid) {
    const q = qOf(a);
    const s = NORMAL_TAIL.reduce((sum, coefficient) => sum * q + Math.fround(coefficient));
    worst = Math.max(worst, Math.abs((q * s) / exactTail(a) - 1));
  }
  expect(worst / ULP).toBeGreaterThan(0.8);
  expect(worst / ULP).toBeLessThan(0.85);
});

test('rounding costs the polynomial at most 6.2 units in the last place: running error analysis', () => {
  // Higham, "Accuracy and Stability of Numerical Algorithms", section 5.1; every coefficient, product and sum 1 unit.
  let worst = 0;
  for (const a of grid) {
    const q = qOf(a);
    let [s, error] = [0, 0];
    for (const coefficient of NORMAL_TAIL) {
      const product = s * q;
      s = product + coefficient;
      error = error * q + Math.abs(product) + Math.abs(coefficient) + Math.abs(s);
    }
    worst = Math.max(worst, error / s);
  }
  expect(worst).toBeLessThan(6.2);
});

test('the tail is at most 2.4 times as sensitive as q', () => {
  const h = 1e-5;
  let worst = 0;
  for (const a of grid) {
    const slope = (exactTail(a + h) - exactTail(Math.max(0, a - h))) / (a + h - Math.max(0, a - h));
    worst = Math.max(worst, (-slope / exactTail(a)) * (3 + a));
  }
  expect(worst).toBeLessThan(2.4);
});

test('both shaders have the polynomial that is measured here', () => {
  for (const text of Object.values(shaders)) {
    const lines = [...text.matchAll(/s = (?:vec4f\((.*)\)|s \* q ([+-]) (.*));/g)];
    expect(lines.map(([, first, sign, other]) => Number(first ?? sign + other))).toEqual(NORMAL_TAIL);
  }
  expect(Object.keys(shaders)).toEqual(['/shaders/ops/gelu-gradient.wgsl', '/shaders/ops/gelu.wgsl']);
});
