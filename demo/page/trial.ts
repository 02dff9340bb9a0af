import type { SearchFacts } from '../contract/protocol.js';
import { canvas, write } from './element.js';
import { loss, percent, tidy } from './figures.js';
import { ink } from './ink.js';
import { sheetOf } from './sheet.js';

const MARGIN = { left: 40, bottom: 18, top: 6 };

/** One cell's training and validation loss by epoch. */
export function showTrial({ trials, plan }: SearchFacts, cell: number): void {
  const { l2, dropout, status, epochs } = trials[cell];
  write('trial-title', `λ ${l2 === 0 ? 'off' : tidy(l2)}, p ${tidy(dropout)}`);
  const last = epochs.at(-1);
  const accuracy = last && !Number.isNaN(last[2]) ? `, accuracy ${percent(last[2])}` : '';
  write(
    'trial-facts',
    last
      ? `${status}; validation loss ${loss(last[1])}, gap to the loss in training, dropout on, ${loss(last[1] - last[0])}${accuracy}`
      : status,
  );
  const sheet = sheetOf(canvas('trial-canvas'));
  if (!sheet || epochs.length === 0) return;
  const { context, width, height } = sheet;
  const losses = epochs.flatMap((measured) => measured.slice(0, 2)).filter(Number.isFinite);
  const most = Math.max(...losses, 1e-9);
  const across = Math.max(plan.epochs, epochs.length) - 1 || 1;
  const x = (epoch: number) => MARGIN.left + ((width - MARGIN.left - 4) * epoch) / across;
  const y = (value: number) => MARGIN.top + (height - MARGIN.top - MARGIN.bottom) * (1 - value / most);
  context.fillStyle = ink('faint');
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const value of [0, most]) context.fillText(loss(value), MARGIN.left - 6, y(value) + (value ? 4 : -2));
  context.fillText(`epoch ${across + 1}`, width, height - 7);
  context.strokeStyle = ink('rule');
  context.strokeRect(MARGIN.left, y(0), width - MARGIN.left, 0);
  context.lineWidth = 1.75;
  for (const line of [0, 1] as const) {
    context.strokeStyle = ink('ink', line === 0 ? 0.7 : 1);
    context.setLineDash(line === 0 ? [] : [6, 4]);
    context.beginPath();
    for (const [epoch, measured] of epochs.entries()) context.lineTo(x(epoch), y(measured[line]));
    context.stroke();
  }
  context.setLineDash([]);
}
