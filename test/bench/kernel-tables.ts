import { bytesText, figure, share, spreadText } from './figures.js';
import type { KernelFigures } from './kernel-suite.js';
import type { Table } from './table.js';

/** Returns tables of the device's limits and of each kernel's share of them. */
export function kernelTables({ probes, tables }: KernelFigures): Table[] {
  return [
    {
      title: 'Probes: what the device can do at most',
      head: ['probe', 'min / median / max'],
      rows: probes.map(({ what, rate }) => [what, spreadText(rate)]),
    },
    ...tables.map(({ title, rows }) => ({
      title,
      head: ['kernel', 'µs', 'GFLOP/s', 'of the multiply-add', 'bytes', 'GB/s', 'of the copy', 'of its limit'],
      rows: rows.map(({ what, microseconds, flops, bytes, ofMultiplyAdd, ofCopy, ofLimit }) => [
        what,
        figure(microseconds.median),
        figure(flops / microseconds.median / 1e3),
        share(ofMultiplyAdd.median),
        bytesText(bytes),
        figure(bytes / microseconds.median / 1e3),
        share(ofCopy.median),
        share(ofLimit.median),
      ]),
      notes: [
        'Each alone, again and again, so that its operands may lie in caches, as those of the copy beside it do. Of its limit: ' +
          'the longer one of the times in which the probes would compute and move as much, over its own.',
      ],
    })),
  ];
}
