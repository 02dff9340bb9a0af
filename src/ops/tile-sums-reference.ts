import { validRows } from './batch.js';
import type { StructuralReference } from './op.js';
import { sumInto } from './sum-reference.js';
import { TILE_ROWS } from './tile-sums.js';

export const tileSumsReference: StructuralReference = {
  evaluate([x, batch], y) {
    const rows = validRows(batch.data, x.rows);
    sumInto(x, y, { toRow: (row) => Math.floor(row / TILE_ROWS), perCol: 0, rows });
  },
};
