import { type Dataset, dataset, slice } from 'wgrad';

/** Points to learn from, and as many to judge by. */
export const POINTS = 120;

/** Deviation of the noise: enough that the moons overlap and a large network learns noise by heart. */
const NOISE = 0.3;

/** Returns a generator of uniform numbers in [0, 1). Source: Tommy Ettinger's mulberry32 (public domain). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns two interleaved half circles around the origin with noise, half of the points in each; the same for a seed. */
export function twoMoons(seed: number): { train: Dataset; validation: Dataset } {
  const draw = uniform(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  const x = new Float32Array(2 * POINTS * 2);
  const y = new Uint32Array(2 * POINTS);
  for (let i = 0; i < y.length; i++) {
    const angle = Math.PI * draw();
    const upper = i % 2 === 0;
    const [across, up] = upper ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    y[i] = upper ? 0 : 1;
    x[2 * i] = across - 0.5 + NOISE * normal();
    x[2 * i + 1] = up - 0.25 + NOISE * normal();
  }
  const all = dataset({ x, y, features: 2, classes: 2 });
  return { train: slice(all, 0, POINTS), validation: slice(all, POINTS, 2 * POINTS) };
}
