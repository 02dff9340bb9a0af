/** Red, green and blue in [0, 255]. */
export type Color = readonly [red: number, green: number, blue: number];

/**
 * Viridis at equal distances, from the worst to the best: rises in lightness, also for the colour-blind, and stands on
 * light and dark pages. Source: van der Walt and Smith, matplotlib 2.0 (2015).
 */
const VIRIDIS = ['#440154', '#472d7b', '#3b528b', '#2c728e', '#21918c', '#28ae80', '#5ec962', '#addc30', '#fde725'];

/** Returns the colour of a place between the worst, 0, and the best, 1. */
export function shadeAt(place: number): Color {
  const at = place * (VIRIDIS.length - 1);
  const before = Math.min(VIRIDIS.length - 2, Math.floor(at));
  const channel = (i: number) => {
    const [a, b] = [VIRIDIS[before], VIRIDIS[before + 1]].map((hex) => Number.parseInt(hex.slice(i, i + 2), 16));
    return Math.round(a + (b - a) * (at - before));
  };
  return [channel(1), channel(3), channel(5)];
}

/** Returns true if black is read better than white on a colour: if it contrasts more by WCAG 2.2. */
export function isLight(color: Color): boolean {
  const [r, g, b] = color.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  // (L + 0.05) / 0.05 > 1.05 / (L + 0.05)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > Math.sqrt(1.05 * 0.05) - 0.05;
}

/** Returns a colour as CSS has it. */
export const hex = (color: Color) => `#${color.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
