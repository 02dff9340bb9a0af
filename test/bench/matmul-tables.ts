import { fasterText, figure, share, spreadText } from './figures.js';
import type { MatmulTable } from './matmul-suite.js';
import type { Table } from './table.js';

const FORM = { nn: 'a · b', nt: 'a · bᵀ', tn: 'aᵀ · b' } as const;

/** A product on every engine. */
export function matmulTable({ form, size, rows, probe }: MatmulTable): Table {
  return {
    title: `${FORM[form]} (${form}), ${size} x ${size} by ${size} x ${size}`,
    head: ['engine', 'wgrad is faster by', 'GFLOP/s, min / median / max', 'of the multiply-add probe', 'error'],
    rows: rows.map(({ engine, ratio, gflops, ofProbe, error }) => [
      engine,
      fasterText(engine === 'wgrad', { ratio }),
      gflops ? spreadText(gflops) : 'WRONG',
      ofProbe ? share(ofProbe.median) : '',
      figure(error),
    ]),
    notes: [
      `Probe: ${spreadText(probe)} GFLOP/s in the same rounds. Error: the largest, as a share of what rounding can make${size > 1024 ? ', in 32 rows' : ''}.`,
    ],
  };
}
