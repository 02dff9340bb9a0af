// y = a · b, where a or b may be read transposed, and with SUMS the column sums of b
// a [m, k] or [k, m], b [k, n] or [n, k], y [m, n], sums [1, n]; rows padded to quads of four columns
// one workgroup: a TILE by TILE tile of y from tiles of a and b in workgroup memory; one lane: TILE / 8 rows and columns
// one accumulator an element, k ascending: the bits do not depend on the tile
const TRANSPOSE_A = ${transposeA};
const TRANSPOSE_B = ${transposeB};
const TILE = ${tile}u;
const DEPTH = 1024u / TILE; // steps of k in a tile: 64 lanes stage one block of 4 by 4 each
const WIDTH = TILE / 4u;
const ROWS = TILE / 8u;
const QUADS = TILE / 32u;

// [k][quad of rows of a] and [k][quad of columns of b]
var<workgroup> a_tile: array<vec4f, 256>;
var<workgroup> b_tile: array<vec4f, 256>;

// A quad of one column out of four rows.
fn column(j: u32, row0: vec4f, row1: vec4f, row2: vec4f, row3: vec4f) -> vec4f {
  return vec4f(row0[j], row1[j], row2[j], row3[j]);
}

@compute @workgroup_size(8, 8)
fn main(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) tile: vec3u,
) {
  let member = tile.z;
  let first_row = tile.y * TILE;
  let first_quad = tile.x * WIDTH;
  let quads = (dims.n + 3u) / 4u;
  let last_k = dims.k - 1u;
  // The place of a lane's block of 4 by 4 in operands whose rows are steps of k, and in operands whose columns are.
  let k_rows = index / WIDTH * 4u;
  let k_rows_quad = index % WIDTH;
  let k_columns = index % (DEPTH / 4u);
  let k_columns_rows = index / (DEPTH / 4u) * 4u;
  var sum: array<array<vec4f, QUADS>, ROWS>;
  var column_sum: array<vec4f, QUADS>;
  for (var k = 0u; k < dims.k; k += DEPTH) {
    if (TRANSPOSE_A) {
      let quad = min(first_row / 4u + k_rows_quad, (dims.m - 1u) / 4u);
      for (var j = 0u; j < 4u; j++) {
        a_tile[(k_rows + j) * WIDTH + k_rows_quad] = a_load(a_row(member, min(k + k_rows + j, last_k)) + quad);
      }
    } else {
      let row = first_row + k_columns_rows;
      let last_row = dims.m - 1u;
      let quad = min(k / 4u + k_columns, last_k / 4u);
      let a0 = a_load(a_row(member, min(row, last_row)) + quad);
      let a1 = a_load(a_row(member, min(row + 1u, last_row)) + quad);
      let a2 = a_load(a_row(member, min(row + 2u, last_row)) + quad);
      let a3 = a_load(a_row(member, min(row + 3u, last_row)) + quad);
      for (var j = 0u; j < 4u; j++) {
        a_tile[(k_columns * 4u + j) * WIDTH + k_columns_rows / 4u] = column(j, a0, a1, a2, a3);
      }
    }
    if (TRANSPOSE_B) {
      let row = first_quad * 4u + k_columns_rows;
      let last_row = dims.n - 1u;
      let quad = min(k / 4u + k_columns, last_k / 4u);
      let b0 = b_load(b_row(member, min(row, last_row)) + quad);
      let b1 = b_load(b_row(member, min(row + 1u, last_row)) + quad);
      let b2 = b_load(b_row(member, min(row + 2u, last_row)) + quad);
      let b3 = b_load(b_row(member, min(row + 3u, last_row)) + quad);
      for (var j = 0u; j < 4u; j++) {
        b_tile[(k_columns * 4u + j) * WIDTH + k_columns_rows / 4u] = column(j, b0, b1, b2, b3);
      }
    } else {
      let quad = min(first_quad + k_rows_quad, quads - 1u);
      for (var j = 0u; j < 4u; j++) {
        b_tile[(k_rows + j) * WIDTH + k_rows_quad] = b_load(b_row(member, min(k + k_rows + j, last_k)) + quad);
      }
    }
    // Wait until all lanes have written their part of the tiles.
    workgroupBarrier();
    for (var l = 0u; l < min(DEPTH, dims.k - k); l++) {
      for (var q = 0u; q < QUADS; q++) {
        let b = b_tile[l * WIDTH + lane.x + q * 8u];
        for (var r = 0u; r < ROWS; r += 4u) {
          let a = a_tile[l * WIDTH + (lane.y * ROWS + r) / 4u];
          for (var j = 0u; j < 4u; j++) {
            sum[r + j][q] += a[j] * b;
          }
        }
#if ${sums}
        column_sum[q] += b;
#endif
      }
    }
    // Wait until all lanes have read the tiles, which the next turn overwrites.
    workgroupBarrier();
  }
  let row = first_row + lane.y * ROWS;
  for (var q = 0u; q < QUADS; q++) {
    let quad = first_quad + lane.x + q * 8u;
    if (quad >= quads) {
      break;
    }
    for (var r = 0u; r < min(ROWS, dims.m - min(row, dims.m)); r++) {
      store_y(Place(member, row + r, quad, quads), sum[r][q]);
    }
#if ${sums}
    if (row == 0u) {
      store_sums(Place(member, 0u, quad, quads), column_sum[q]);
    }
#endif
  }
}
