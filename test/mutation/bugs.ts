import type { Dimensions } from '../../src/kernels/kernel.js';

/** A bug: what is wrong, the text it replaces, and the replacement. */
export type Bug = readonly [what: string, search: string | RegExp, replacement: string];

/** Bugs of a kernel, at sizes at which they show. */
export interface BuggyKernel {
  readonly kernel: string;
  readonly variant: string;
  readonly sizes: Dimensions;
  readonly bugs: readonly Bug[];
}

const batch = { m: 70, n: 5, k: 6, count: 66 };

const bugsOf = (kernel: string, variant: string, sizes: Dimensions, bugs: readonly Bug[]): BuggyKernel => {
  return { kernel, variant, sizes, bugs };
};

export const KERNEL_BUGS: readonly BuggyKernel[] = [
  bugsOf('matmul-nn', 'direct', { m: 33, n: 34, k: 37 }, [
    ['the stride of the other operand', 'row * dims.a_stride', 'row * dims.b_stride'],
    ['an offset left out', 'dims.b_offset + ', ''],
    ['rows that are not guarded', 'min(ROWS, dims.m - row)', 'min(ROWS, dims.m + 1u - row)'],
  ]),
  bugsOf('matmul-nn', 'broadcast', { m: 33, n: 34, k: 37 }, [
    ['rows that are broadcast from the wrong lane', 'subgroupBroadcast(upper, 3u)', 'subgroupBroadcast(upper, 2u)'],
    ['a step taken twice', 'min(3u, rest)', 'min(2u, rest)'],
    ['rows stored one too far', 'min(ROWS, dims.m - row)', 'min(ROWS, dims.m + 1u - row)'],
    ['quads past the last one stored', 'if (at.quad < at.quads)', 'if (at.quad <= at.quads)'],
    ['a row in the place of another', 'share + 8u', 'share + 7u'],
  ]),
  bugsOf('matmul-nt', 'broadcast', { m: 33, n: 34, k: 35 }, [
    ['a transpose with two columns exchanged', 'vec4f(b0.x, b1.x, b2.x', 'vec4f(b1.x, b0.x, b2.x'],
    ['the last quad of k left out', 'k < dims.k; k += 4u', 'k + 3u < dims.k; k += 4u'],
  ]),
  bugsOf('matmul-tn-sums', 'broadcast', { m: 33, n: 34, k: 35 }, [
    ['an odd last step that counts twice', 'select(0u, 1u, k + 1u < dims.k)', '1u'],
    ['a step left out', '+ odd2.x * odd', ''],
    ['sums of the even steps', 'column_sum + even + odd', 'column_sum + even'],
    ['sums in no row', 'if (row == 0u)', 'if (row == 1u)'],
  ]),
  bugsOf('matmul-nt', 'tiled', { m: 33, n: 34, k: 35 }, [
    ['a block that is not turned', 'right[q] = transpose(right[q]);', ''],
    ['the wrong step of a block', 'left[i] * right[q][i]', 'left[i ^ 1u] * right[q][i]'],
    ['columns that are not guarded', 'quad < quads) {\n        store_y', 'quad <= quads) {\n        store_y'],
    ['rows that are not guarded', 'row < dims.m && ', ''],
    ['the last steps left out', '(dims.k + DEPTH - 1u) / DEPTH', 'dims.k / DEPTH'],
    ['steps past the last one', '!(k + DEPTH <= dims.k)', 'false'],
    ['a sum in the place of another', 'i == r', 'i == (r ^ 1u)'],
    ['a barrier left out', /workgroupBarrier\(\);(?=\n {2}\})/, ''],
  ]),
  bugsOf('matmul-tn-sums', 'tiled-128', { m: 133, n: 34, k: 35 }, [
    ['the second quad of a lane twice', 'select(sum[i][0], sum[i][QUADS - 1u], q == 1u)', 'sum[i][QUADS - 1u]'],
    ['the wrong row of a block', 'left[i] * right[q][j]', 'left[i ^ 1u] * right[q][j]'],
    ['sums of the steps after sixteen', 'k < dims.k; k += 16u', 'k < min(16u, dims.k); k += 16u'],
    ['sums past the last step', 'k + j < dims.k', 'true'],
    ['no workgroups for the sums', 'tile.y - 1u', 'tile.y'],
  ]),
  bugsOf('matmul-tn', 'tiled-16', { m: 17, n: 18, k: 131 }, [
    ['the row of another lane', 'lane.y + r * DOWN', '(lane.y ^ 1u) + r * DOWN'],
    ['the first segment again', 'lane.x | (l * 4u / SEGMENT * WIDTH)', 'lane.x'],
    ['the same tiles again', '(turn + 1u) * DEPTH', 'turn * DEPTH'],
    ['a turn that does not move on', 'pieces.a_at[p] += a_turn;', ''],
  ]),
  bugsOf('matmul-tn-sums', 'thin', { m: 3, n: 34, k: 35 }, [
    ['the wrong row of a', '[row % 4u]', '[(row + 1u) % 4u]'],
    ['sums in no row', 'row == dims.m', 'row == 1000u'],
    ['steps after the first four', 'k < dims.k; k++', 'k < min(4u, dims.k); k++'],
  ]),
  bugsOf('matmul-nt', 'thin', { m: 3, n: 34, k: 35 }, [
    ['a column that does not move on', 'right2 = right2.yzwx;', ''],
  ]),
  bugsOf('sum-rows', 'direct', { m: 7, n: 6 }, [
    ['the operand of another member', 'member * dims.x_member', '0u * dims.x_member'],
    ['rows one too far', 'row * dims.x_stride', '(row + 1u) * dims.x_stride'],
    ['the last row left out', 'row < dims.m', 'row + 1u < dims.m'],
  ]),
  bugsOf('tile-sums', 'direct', batch, [
    ['rows that do not count', 'min(dims.m, table[batch_words(member)])', 'dims.m'],
    ['half a tree', 'width > dims.zero', 'width > 1u'],
    ['the batch of another member', '4u + member * dims.words', '4u + 0u * member * dims.words'],
    ['sums in the place of another tile', 'Place(member, tile.x, 0u, 1u)', 'Place(member, 0u, 0u, 1u)'],
  ]),
  bugsOf('roll-rows', 'direct', { m: 9, n: 5, count: 7 }, [
    ['rows that do not count', 'row < count', 'row < dims.m'],
    ['one row too far around', 'moved >= count', 'moved > count'],
  ]),
  bugsOf('roll-rows-back', 'direct', { m: 9, n: 5, count: 7 }, [
    ['the other direction', 'count - distance', 'distance'],
  ]),
  bugsOf('normalize-rows', 'direct', { m: 3, n: 257 }, [
    ['a variance around 0', 'x_load(x_at + quad) - mean, quad', 'x_load(x_at + quad), quad'],
    ['the mean left in', '(x_load(x_at + quad) - mean) *', 'x_load(x_at + quad) *'],
    ['a lane that does not go on', 'quads; quad += LANES) {\n    sum', 'min(quads, LANES); quad += LANES) {\n    sum'],
  ]),
  bugsOf('normalize-rows-gradient', 'direct', { m: 3, n: 257 }, [
    ['the gradient of the variance left out', ' - centred * slope', ''],
    ['the gradient of the mean left out', ' - means.y', ''],
    ['the deviation once', 'moments.y * inverse * inverse', 'moments.y * inverse'],
  ]),
  bugsOf('softmax-cross-entropy', 'direct', batch, [
    ['the wrong label', 'labels_index(member, row)', '(labels_index(member, row) + 1u)'],
    ['the label of another row', 'labels_index(member, row)', 'labels_index(member, row ^ 1u)'],
    ['a column left out of the sum', 'column < dims.n; column++', 'column + 1u < dims.n; column++'],
    ['pads that are not zeroed', /return select\(vec4f\(0\), value, .*\);/, 'return value;'],
  ]),
  bugsOf('head', 'direct', batch, [
    ['the bias twice', 'z += b_load(b_at + quad);', 'z += 2.0 * b_load(b_at + quad);'],
    ['the first quad of logits for all', 'var z = logits[own + quad];', 'var z = logits[own];'],
    ['a step taken twice', 'min(2u, left - 1u)', 'min(1u, left - 1u)'],
    ['the gradient of rows that do not count', 'difference * drow', 'difference'],
  ]),
  bugsOf('soft-target-cross-entropy', 'direct', batch, [
    ['targets that are taken to sum to one', 'softmax * target_sum', 'softmax'],
    ['the largest logit left in', '[column % 4u] - largest);', '[column % 4u]);'],
  ]),
  bugsOf('matmul-tn-sums', 'direct', { m: 33, n: 34, k: 35 }, [
    ['a column of a twice', 'left1 += a.y * left', 'left1 += a.x * left'],
    ['sums of every other row', 'b_at += b_step;', 'b_at += 2u * b_step;'],
    [
      'the sums of another quad',
      'store_sums(Place(member, 0u, quad, quads)',
      'store_sums(Place(member, 0u, 0u, quads)',
    ],
  ]),
  bugsOf('l2-penalty', 'direct', { m: 257, n: 2 }, [
    ['the half of the convention left out', '0.5 * lambda', 'lambda'],
    ['the square left out', 'const PENALTY = true', 'const PENALTY = false'],
    ['what is past the first lanes', 'i += LANES', 'i += dims.m * quads'],
  ]),
  bugsOf('gather-labelled', 'direct', { e: 61, c: 83, d: 1, m: 37, start: 31, count: 30 }, [
    ['the order of the data', 'order_index(member, min(', '(min('],
    ['the start of the epoch', 'first + min(', 'min('],
    ['rows behind the valid ones', 'min(row, count - 1u)', 'row'],
    ['labels in another order', 'labels_index(member, example)', 'labels_index(member, row)'],
  ]),
];

/** Bugs of a training step with momentum, and with Adam. */
export const STEP_BUGS: Readonly<Record<'momentum' | 'Adam', readonly Bug[]>> = {
  momentum: [
    ['a mask off by a quad', '* at.quads + at.quad;', '* at.quads + at.quad + 1u;'],
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

/** Bugs of rules, layout, plan and host, by file; `npm run mutate` plants them. */
export const FILE_BUGS: Readonly<Record<string, readonly Bug[]>> = {
  'src/graph/rewrite.ts': [
    [
      'the gate of ReLU for every activation',
      'op !== reluGradientOp || dy.op !== dropoutOp || y.op !== reluOp',
      "dy?.op !== dropoutOp || y?.op.kind !== 'elementwise'",
    ],
    ['the gate where there is no dropout', 'dy.op !== dropoutOp || ', ''],
    [
      'a gate that the mask has not passed',
      'reluDropoutGradient(d, dropout(y, source), source)',
      'reluDropoutGradient(d, y, source)',
    ],
    [
      'a gate turned around',
      'reluDropoutGradient(d, dropout(y, source), source)',
      'reluDropoutGradient(dropout(y, source), d, source)',
    ],
  ],
  'src/kernels/matmul.ts': [
    ['a transpose forgotten', 'transposeB: true, sums', 'transposeB: false, sums'],
    ['a transpose too many', 'NN: Form = { transposeA: false', 'NN: Form = { transposeA: true'],
  ],
  'src/kernels/software-products.ts': [
    ['a grid of more rows a tile than there are', 'tiles(m, 16)', 'tiles(m, 20)'],
    ['no row of invocations for the sums', '(sums ? 1 : 0)', '0'],
  ],
  'src/kernels/gpu-products.ts': [
    [
      'a grid of the other shape',
      '[tiles(n, shape.tile), tiles(m, shape.tile) +',
      '[tiles(m, shape.tile), tiles(n, shape.tile) +',
    ],
  ],
  'src/plan/layout.ts': [
    ['a bias on top of its weights', 'return { storage, row };', 'return { storage, row: 0 };'],
    ['guard rows on one side', 'rows + 2 * guards', 'rows + guards'],
    ['an offset without guard rows', '(storage.guards + row) * storage.stride', 'row * storage.stride'],
    ['rows that are not padded', 'Math.ceil(cols / 4)', 'Math.max(1, Math.floor(cols / 4))'],
    [
      'states that members share',
      "kind !== 'input' || attributes",
      "(kind !== 'input' && kind !== 'state') || attributes",
    ],
    ['own inputs that are shared', ' || attributes.perMember === true', ''],
    ['a ring of one slot', "kind === 'ring' ? ringSlots : 1", '1'],
  ],
  'src/plan/bindings.ts': [
    ['a stride in numbers instead of quads', '_stride`, storage.stride)', '_stride`, 4 * storage.stride)'],
    [
      'the stride of rows for members',
      '_member`, () => (storage.perMember ? blockElements(storage) : 0)',
      '_member`, storage.stride',
    ],
    ['a ring without its slot', 'storage.slots > 1', 'storage.slots < 1'],
    ['flags of another member', "this.field('flags_member', words)", "this.field('flags_member', () => 0)"],
  ],
  'src/plan/epilogue.ts': [
    ['a row that is not broadcast', "tensor.rows === 1 && this.#shape.rows !== 1 ? '0u' : 'at.row'", "'at.row'"],
    ['a column that is not broadcast', 'return splat ? `vec4f(${element}.x)` : element', 'return element'],
    ['operands exchanged', 'values.map((input, i)', '[...values].reverse().map((input, i)'],
  ],
  'src/plan/shader-writer.ts': [
    ['pads that are not masked', '`inside(${value}, at.quad, ${cols})`', 'value'],
    ['a dropped epilogue', 'root ? [root, ...riders] : riders', 'root ? [root] : riders'],
    ['numbers that nobody flags', 'if (bit === undefined) return lines;', 'if (bit !== null) return lines;'],
    ['another word of the table', 'tensor ? context.slot(tensor) : 0', '0'],
  ],
  'src/plan/order.ts': [
    ['an update before its readers', 'before.get(updater)?.add(reader);', ''],
    ['an update under its own operand', 'if (readsElsewhere(updater, update, rode)) return { blocked: state };', ''],
  ],
  'src/plan/ride.ts': [
    ['a rider of another height', 'rows !== tensor.rows || cols', 'cols'],
    ['a rider without its operand', 'if (inside.every((input) => input === root || riders.includes(input))) ', ''],
  ],
  'src/plan/schedule.ts': [['a copy of what has changed', '...covered.operands, ...copied', '...covered.operands']],
  'src/gpu/step-table.ts': [
    ['the seed of another member', 'host(context)', 'host(contexts[0])'],
    ['a slot of the ring that stays', 'uints[0] = row;', ''],
    ['the words of another step', '[row * this.#rowBytes]', '[0]'],
  ],
  'src/nn/dropout-rate.ts': [
    ['the mask of the first step again', 'step >>> 0', '0'],
    ['one mask for all layers', 'layer | (STREAMS.dropout << 24),\n', 'STREAMS.dropout << 24,\n'],
    ['half of the seed twice', '...seed,', 'seed[0], seed[0],'],
    ['one mask for all samples', 'sample,\n        dropoutThreshold', '0,\n        dropoutThreshold'],
    ['a rate that is stale', 'hyper[`${layer}.dropout`] * schedule', 'schedule.base * schedule'],
    ['kept values scaled down', 'bitsFromFloat(scale(p))', 'bitsFromFloat(1 - p)'],
  ],
  'src/nn/optimizers.ts': [
    ['a stale correction of the first moment', 'host.hyper.beta1 ** (host.step + 1)', 'host.hyper.beta1 ** 1'],
    ['a correction one step late', 'hyper.beta2 ** (step + 1)', 'hyper.beta2 ** Math.max(step, 1)'],
    ['biases that decay', ' || !decays', ''],
  ],
};
