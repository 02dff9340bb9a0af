import type { Spot } from '../../contract/edits.js';
import type { DataFacts } from '../../contract/protocol.js';
import { ink } from './ink.js';
import type { Sheet } from './sheet.js';

/** Maps from features to pixels of a sheet. */
export interface Place {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** The marks over the points: a ring around the chosen one, and the cross that the keyboard moves. */
export interface Pen {
  readonly chosen?: Spot;
  readonly cursor?: Spot;
}

/** Radius of a point, in heights of the text. */
const RADIUS = 0.22;
/** Each class has a shape as well as a colour. */
export const SHAPES = ['circles', 'squares', 'triangles', 'diamonds'] as const;
const PATHS = [circle, square, triangle, diamond] as const;

export const classColour = (label: number) => `class-${label % 10}`;

/** Draws the examples of two features: training filled, validation hollow. */
export function drawPoints({ context, em }: Sheet, data: DataFacts, place: Place): void {
  if (!data.points) return;
  const { x, y } = data.points;
  for (let i = y.length - 1; i >= 0; i--) {
    const isTraining = i < data.train;
    context.beginPath();
    PATHS[y[i] % PATHS.length](context, place.x(x[2 * i]), place.y(x[2 * i + 1]), RADIUS * em);
    context.fillStyle = ink(classColour(y[i]));
    context.strokeStyle = isTraining ? ink('ground') : ink(classColour(y[i]), 0.8);
    context.lineWidth = 1;
    if (isTraining) context.fill();
    context.stroke();
  }
}

/** Draws the examples of one feature and a number to learn. */
export function drawPairs({ context, em }: Sheet, data: DataFacts, place: Place): void {
  if (!data.points) return;
  const { x, y } = data.points;
  for (let i = y.length - 1; i >= 0; i--) {
    context.beginPath();
    circle(context, place.x(x[i]), place.y(y[i]), RADIUS * em);
    context.fillStyle = context.strokeStyle = ink('faint', i < data.train ? 1 : 0.6);
    context.lineWidth = 1;
    if (i < data.train) context.fill();
    else context.stroke();
  }
}

/** Draws a ring around the chosen point, and the cross. */
export function drawPen({ context, em }: Sheet, { chosen, cursor }: Pen, place: Place): void {
  context.strokeStyle = ink('ink');
  context.lineWidth = 2;
  context.beginPath();
  if (chosen) circle(context, place.x(chosen.x), place.y(chosen.y), 2.2 * RADIUS * em);
  if (cursor) {
    const [x, y, arm] = [place.x(cursor.x), place.y(cursor.y), 0.7 * em];
    context.moveTo(x - arm, y);
    context.lineTo(x + arm, y);
    context.moveTo(x, y - arm);
    context.lineTo(x, y + arm);
  }
  context.stroke();
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.arc(x, y, radius, 0, 2 * Math.PI);
}

function square(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  const half = 0.9 * radius;
  context.rect(x - half, y - half, 2 * half, 2 * half);
}

function triangle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.moveTo(x, y - 1.1 * radius);
  context.lineTo(x + 1.1 * radius, y + 0.85 * radius);
  context.lineTo(x - 1.1 * radius, y + 0.85 * radius);
  context.closePath();
}

function diamond(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  const half = 1.2 * radius;
  context.moveTo(x, y - half);
  context.lineTo(x + half, y);
  context.lineTo(x, y + half);
  context.lineTo(x - half, y);
  context.closePath();
}
