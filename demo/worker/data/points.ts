import { normal } from './random.js';

/** The random numbers of a point, and its class, which alternates. */
interface Dice {
  /** The class, 0 or 1. */
  readonly label: number;
  /** Draws a number in [0, 1). */
  readonly draw: () => number;
  readonly normal: () => number;
}

/**
 * Points of the plane in two classes of equal size. The classes overlap or are thin, so that a large network without
 * regularisation memorises single points.
 */
const PLANES = {
  moons: {
    at({ label, draw, normal }: Dice) {
      const angle = Math.PI * draw();
      const [x, y] = [Math.cos(angle), Math.sin(angle)];
      const [across, up] = label === 0 ? [x, y] : [1 - x, 0.5 - y];
      return [across - 0.5 + 0.3 * normal(), up - 0.25 + 0.3 * normal()];
    },
  },
  circles: {
    at({ label, draw, normal }: Dice) {
      const angle = 2 * Math.PI * draw();
      const radius = label === 0 ? 1.3 : 0.6;
      return [radius * Math.cos(angle) + 0.25 * normal(), radius * Math.sin(angle) + 0.25 * normal()];
    },
  },
  spiral: {
    at({ label, draw, normal }: Dice) {
      const along = Math.sqrt(draw()); // a uniform density from inside to outside
      const angle = 3 * Math.PI * along + Math.PI * label;
      const radius = 0.1 + 1.5 * along;
      return [radius * Math.cos(angle) + 0.1 * normal(), radius * Math.sin(angle) + 0.1 * normal()];
    },
  },
  xor: {
    at({ label, draw, normal }: Dice) {
      const right = draw() < 0.5 ? 1 : -1;
      const up = label === 0 ? right : -right;
      return [0.8 * right + 0.5 * normal(), 0.8 * up + 0.5 * normal()];
    },
  },
} as const;

/** Names of the data sets in the plane. */
export type PlaneName = keyof typeof PLANES;

/** Returns points of the plane with the random numbers of `draw`; their classes alternate. */
export function planePoints(name: PlaneName, count: number, draw: () => number) {
  const dice = { draw, normal: normal(draw) };
  return Array.from({ length: count }, (_, i) => {
    const label = i % 2;
    const [x, y] = PLANES[name].at({ label, ...dice });
    return { x, y, label };
  });
}

/** Returns points along a sine, with noise of this deviation. */
export function sinePoints(count: number, noise: number, draw: () => number) {
  const error = normal(draw);
  return Array.from({ length: count }, () => {
    const x = Math.sqrt(3) * (2 * draw() - 1);
    return { x, y: Math.sin(2.5 * x) + noise * error() };
  });
}
