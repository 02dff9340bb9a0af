import { planePoints, sinePoints } from '../../worker/data/points.js';
import { uniform } from '../../worker/data/random.js';

const POINTS = 70;
const [WIDTH, HEIGHT] = [40, 30];

/** Draws a small picture of its points into the option of each data set that the page makes; browsers that cannot style a select leave it out. */
export function addThumbnails(data: HTMLSelectElement): void {
  for (const option of data.options) {
    const points = pointsOf(option.value);
    if (points) option.prepend(picture(points));
  }
}

function pointsOf(name: string): readonly { x: number; y: number; label?: number }[] | undefined {
  const draw = uniform(1, 1);
  if (name === 'sine') return sinePoints(POINTS, 0.2, draw);
  if (name === 'moons' || name === 'circles' || name === 'spiral' || name === 'xor')
    return planePoints(name, POINTS, draw);
  return undefined;
}

function picture(points: readonly { x: number; y: number; label?: number }[]): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('aria-hidden', 'true');
  const across = scale(
    points.map(({ x }) => x),
    WIDTH,
  );
  const up = scale(
    points.map(({ y }) => y),
    HEIGHT,
  );
  for (const { x, y, label } of points) {
    const dot = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    dot.setAttribute('cx', across(x).toFixed(1));
    dot.setAttribute('cy', (HEIGHT - up(y)).toFixed(1));
    dot.setAttribute('r', '1.3');
    dot.style.fill = `rgb(var(--${label === undefined ? 'faint' : `class-${label}`}))`;
    svg.append(dot);
  }
  return svg;
}

/** Returns a map of these values into the inside of a length. */
function scale(values: readonly number[], length: number): (value: number) => number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (value) => 2 + ((length - 4) * (value - least)) / (most - least);
}
