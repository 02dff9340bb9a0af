import type uPlot from 'uplot';
import type { History } from './history.js';
import { ink } from './ink.js';
import { colourOf, LETTERS } from './run-look.js';

/** What is noted on a chart of several runs. */
export interface Notes {
  readonly histories: readonly History[];
  readonly selected: number;
  readonly marks: readonly { readonly step: number; readonly text: string }[];
}

const LETTER_HEIGHT = 11;
/** Labels of marks stand in so many rows, so that neighbours do not cover each other. */
const LABEL_ROWS = 3;
const LABEL_HEIGHT = 13;

/** Draws the marks where knobs were turned, each run's best validation loss, and its letter at the end of its line. */
export function drawNotes(plot: uPlot, notes: Notes, { labels }: { labels: boolean }): void {
  const { ctx: context } = plot;
  const scale = devicePixelRatio;
  context.save();
  context.font = `${11 * scale}px system-ui, sans-serif`;
  drawMarks(plot, notes, scale, labels);
  if (labels) drawBest(plot, notes, scale);
  drawLetters(plot, notes, scale, labels ? 'validationLoss' : 'validationAccuracy');
  context.restore();
}

function drawMarks(plot: uPlot, { marks, selected }: Notes, scale: number, labels: boolean): void {
  const { ctx: context, bbox } = plot;
  context.lineWidth = scale;
  context.setLineDash([2 * scale, 2 * scale]);
  context.textBaseline = 'top';
  for (const [i, { step, text }] of marks.entries()) {
    const x = Math.round(plot.valToPos(step, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    context.strokeStyle = ink(colourOf(selected), 0.8);
    context.beginPath();
    context.moveTo(x, bbox.top);
    context.lineTo(x, bbox.top + bbox.height);
    context.stroke();
    if (!labels) continue;
    const toLeft = x + context.measureText(text).width + 4 * scale > bbox.left + bbox.width;
    context.textAlign = toLeft ? 'right' : 'left';
    const [left, top] = [x + (toLeft ? -3 : 3) * scale, bbox.top + (2 + (i % LABEL_ROWS) * LABEL_HEIGHT) * scale];
    const width = context.measureText(text).width;
    context.fillStyle = ink('panel', 0.85); // lines under a label would make it hard to read
    context.fillRect(toLeft ? left - width : left, top, width, (LABEL_HEIGHT - 1) * scale);
    context.fillStyle = ink('ink');
    context.fillText(text, left, top);
  }
  context.setLineDash([]);
}

function drawBest(plot: uPlot, { histories }: Notes, scale: number): void {
  const { ctx: context } = plot;
  for (const [run, history] of histories.entries()) {
    const row = history.best();
    const [step, loss] = [history.of('step')[row], history.of('validationLoss')[row]];
    if (step === undefined || step === null || loss === null) continue;
    context.beginPath();
    context.arc(plot.valToPos(step, 'x', true), plot.valToPos(loss, 'y', true), 4 * scale, 0, 2 * Math.PI);
    context.fillStyle = ink('panel');
    context.strokeStyle = ink(colourOf(run));
    context.lineWidth = 2 * scale;
    context.fill();
    context.stroke();
  }
}

/** Letters beside the ends of the validation lines, moved apart where lines end together. */
function drawLetters(
  plot: uPlot,
  { histories }: Notes,
  scale: number,
  measure: 'validationLoss' | 'validationAccuracy',
): void {
  const { ctx: context, bbox } = plot;
  const ends = histories.flatMap((history, run) => {
    const [step, value] = [history.last('step'), history.last(measure)];
    if (step === null || value === null) return [];
    const y = Math.min(bbox.top + bbox.height, Math.max(bbox.top, plot.valToPos(value, 'y', true)));
    return [{ run, x: plot.valToPos(step, 'x', true), y }];
  });
  ends.sort((a, b) => a.y - b.y);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = `bold ${11 * scale}px system-ui, sans-serif`;
  let above = -Infinity;
  for (const { run, x, y } of ends) {
    above = Math.max(y, above + LETTER_HEIGHT * scale);
    context.fillStyle = ink(colourOf(run));
    context.fillText(LETTERS[run], x + 5 * scale, above);
  }
}
