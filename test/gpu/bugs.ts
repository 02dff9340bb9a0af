import type { Dimensions } from '../../src/kernels/kernel.js';

/** What is wrong, what the text says, what it says instead. */
export type Bug = readonly [what: string, search: string | RegExp, replacement: string];

/** Bugs of a kernel, at sizes at which they show. */
export interface BuggyKernel {
  readonly kernel: string;
  readonly variant: string;
  readonly sizes: Dimensions;
  readonly bugs: readonly Bug[];
}

const batch = { m: 70, n: 5, k: 6, count: 66 };

export const KERNEL_BUGS: readonly BuggyKernel[] = [
  {
    kernel: 'matmul-nn',
    variant: 'direct',
    sizes: { m: 33, n: 34, k: 37 },
    bugs: [
      ['the stride of the other operand', 'row * dims.a_stride', 'row * dims.b_stride'],
      ['an offset left out', 'dims.b_offset + ', ''],
      ['rows that are not guarded', 'min(ROWS, dims.m - row)', 'min(ROWS, dims.m + 1u - row)'],
    ],
  },
  {
    kernel: 'matmul-nt',
    variant: 'tiled',
    sizes: { m: 33, n: 34, k: 35 },
    bugs: [
      ['a tile that is not transposed', 'b_tile[lane.x * 4u + j][line]', 'b_tile[line][lane.x * 4u + j]'],
      ['the wrong line of a tile', 'a_tile[l][lane.y * 4u + r]', 'a_tile[l][lane.y * 4u + (r ^ 1u)]'],
      ['columns that are not guarded', 'if (quad >= quads)', 'if (quad > quads)'],
      ['the last k left out', 'min(TILE, dims.k - k)', 'min(TILE, dims.k - 1u - k)'],
      ['a barrier left out', /workgroupBarrier\(\);(?=\n {4}for)/, ''],
    ],
  },
  {
    kernel: 'sum-rows',
    variant: 'direct',
    sizes: { m: 7, n: 6 },
    bugs: [
      ['the operand of another member', 'member * dims.x_member', '0u * dims.x_member'],
      ['rows one too far', 'row * dims.x_stride', '(row + 1u) * dims.x_stride'],
      ['the last row left out', 'row < dims.m', 'row + 1u < dims.m'],
    ],
  },
  {
    kernel: 'tile-sums',
    variant: 'direct',
    sizes: batch,
    bugs: [
      ['rows that do not count', 'min(dims.m, table[batch_words(member)])', 'dims.m'],
      ['half a tree', 'half > 0u', 'half > 1u'],
      ['the batch of another member', '4u + member * dims.words', '4u + 0u * member * dims.words'],
      ['sums in the place of another tile', 'Place(member, tile.x, 0u, 1u)', 'Place(member, 0u, 0u, 1u)'],
    ],
  },
  {
    kernel: 'softmax-cross-entropy',
    variant: 'direct',
    sizes: batch,
    bugs: [
      ['the wrong label', 'labels_index(member, row)', '(labels_index(member, row) + 1u)'],
      ['the label of another row', 'labels_index(member, row)', 'labels_index(member, row ^ 1u)'],
      ['a column left out of the sum', 'column < dims.n; column++', 'column + 1u < dims.n; column++'],
      ['pads that are not zeroed', /return select\(vec4f\(0\), value, .*\);/, 'return value;'],
    ],
  },
  {
    kernel: 'head',
    variant: 'direct',
    sizes: batch,
    bugs: [
      ['the bias twice', 'z[quad] += b_load(b_at + quad);', 'z[quad] += 2.0 * b_load(b_at + quad);'],
      ['the gradient of rows that do not count', 'difference * drow', 'difference'],
    ],
  },
  {
    kernel: 'gather-labelled',
    variant: 'direct',
    sizes: { e: 61, c: 83, d: 1, m: 37, start: 31, count: 30 },
    bugs: [
      ['the order of the data', 'order_index(member, min(', '(min('],
      ['the start of the epoch', 'first + min(', 'min('],
      ['rows behind the valid ones', 'min(row, count - 1u)', 'row'],
      ['labels in another order', 'labels_index(member, example)', 'labels_index(member, row)'],
    ],
  },
];

/** Bugs of a training step with momentum, and with Adam. */
export const STEP_BUGS: Readonly<Record<'momentum' | 'Adam', readonly Bug[]>> = {
  momentum: [
    ['a mask off by a quad', 'at.row * at.quads + at.quad', 'at.row * at.quads + at.quad + 1u'],
    [
      'words of the counter exchanged',
      'table[source + 2u], table[source + 3u]',
      'table[source + 3u], table[source + 2u]',
    ],
    ['half of the seed', 'vec2u(table[source], table[source + 1u])', 'vec2u(table[source], 0u)'],
    ['dropped and kept exchanged', 'select(scaled, vec4f(0), random', 'select(vec4f(0), scaled, random'],
    ['kept values that are not scaled', 'x * bitcast<f32>(table[source + 6u])', 'x'],
    ['a gradient that is not scaled', 'dy * bitcast<f32>(table[source + 6u])', 'dy'],
    ['a gate that is inverted', 'y > vec4f(0));', 'y <= vec4f(0));'],
    ['a penalty that is dropped', 'return a * b;', 'return vec4f(0);'],
    ['a bias that is added twice', 'return x + b;', 'return x + b + b;'],
    ['a velocity that is forgotten', 'return momentum * v + g;', 'return g;'],
    ['a step uphill', 'return theta - rate * d;', 'return theta + rate * d;'],
    ['a mean over rows that do not count', 'at.row < table[source]', 'at.row < 1000u'],
    ['the scalars of another member', 'member * dims.words', '0u * member * dims.words'],
    ['the state of another member', 'member * dims.velocity_v_member', '0u * dims.velocity_v_member'],
    ['a step that is not stored', /descend_theta\[descend_theta_row\(at.member, at.row\) \+ at.quad\] = .*;/, ''],
  ],
  Adam: [
    ['epsilon under the root', 'sqrt(v) * root_correction + epsilon', 'sqrt(v + epsilon) * root_correction'],
    ['no bias correction', 'sqrt(v) * root_correction', 'sqrt(v)'],
    ['a gradient that is not squared', '(g * g)', 'g'],
    ['a moment that forgets', 'beta * m + one_minus_beta * g', 'one_minus_beta * g'],
  ],
};
