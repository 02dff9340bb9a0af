import type { History } from '../../page/history.js';
import { colourOf, LETTERS } from '../../page/run-look.js';
import { ink } from '../draw/ink.js';
import type { Plot } from '../draw/plot.js';

/** Notes on a chart of several runs. */
export interface Notes {
  readonly histories: readonly History[];
  readonly selected: number;
  readonly marks: readonly { readonly step: number; readonly text: string }[];
}

/** Rows for the labels of marks, so that neighbours do not cover each other. */
const LABEL_ROWS = 3;
/** Height of a label, in heights of the text. */
const LABEL = 1.2;

/** Draws a mark at each turn of a knob, each run's best validation loss, and its letter at the end of its line. */
export function drawNotes(plot: Plot, notes: Notes, { labels }: { labels: boolean }): void {
  drawMarks(plot, notes, labels);
  if (labels) drawBest(plot, notes);
  drawLetters(plot, notes, labels ? 'validationLoss' : 'validationAccuracy');
}

function drawMarks(plot: Plot, { marks, selected }: Notes, labels: boolean): void {
  const { context, em, left, top, width, height } = plot;
  context.lineWidth = 1;
  context.setLineDash([2, 2]);
  context.textBaseline = 'top';
  for (const [i, { step, text }] of marks.entries()) {
    const x = Math.round(plot.x(step)) + 0.5;
    if (x < left || x > left + width + 1) continue;
    context.strokeStyle = ink(colourOf(selected), 0.8);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    if (labels) drawLabel(plot, text, x, top + 2 + (i % LABEL_ROWS) * LABEL * em);
  }
  context.setLineDash([]);
}

/** Draws a text beside a mark, on the side that has room. */
function drawLabel({ context, em, left, width }: Plot, text: string, x: number, y: number): void {
  const long = context.measureText(text).width;
  const toLeft = x + long + 4 > left + width;
  context.textAlign = toLeft ? 'right' : 'left';
  const start = x + (toLeft ? -3 : 3);
  context.fillStyle = ink('panel', 0.85); // a label over lines is hard to read
  context.fillRect(toLeft ? start - long : start, y, long, LABEL * em - 1);
  context.fillStyle = ink('ink');
  context.fillText(text, start, y);
}

function drawBest(plot: Plot, { histories }: Notes): void {
  const { context } = plot;
  for (const [run, history] of histories.entries()) {
    const row = history.best();
    const [step, loss] = [history.of('step')[row], history.of('validationLoss')[row]];
    if (step === undefined || step === null || loss === null) continue;
    context.beginPath();
    context.arc(plot.x(step), plot.y(loss), 4, 0, 2 * Math.PI);
    context.fillStyle = ink('panel');
    context.strokeStyle = ink(colourOf(run));
    context.lineWidth = 2;
    context.fill();
    context.stroke();
  }
}

/** Draws letters beside the ends of the validation lines, moved apart if lines end together. */
function drawLetters(plot: Plot, { histories }: Notes, measure: 'validationLoss' | 'validationAccuracy'): void {
  const { context, em, top, height } = plot;
  const ends = histories.flatMap((history, run) => {
    const [step, value] = [history.last('step'), history.last(measure)];
    if (step === null || value === null) return [];
    return [{ run, x: plot.x(step), y: Math.min(top + height, Math.max(top, plot.y(value))) }];
  });
  ends.sort((a, b) => a.y - b.y);
  let above = -Infinity;
  for (const end of ends) above = end.y = Math.max(end.y, above + em);
  let below = top + height + em;
  for (const end of ends.toReversed()) below = end.y = Math.min(end.y, below - em);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = `bold ${context.font}`;
  for (const { run, x, y } of ends) {
    context.fillStyle = ink(colourOf(run));
    context.fillText(LETTERS[run], x + 5, y);
  }
}
