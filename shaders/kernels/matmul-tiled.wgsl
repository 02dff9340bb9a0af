// y = a · b, where a or b may be read transposed, and with SUMS the column sums of b
// a [m, k] or [k, m], b [k, n] or [n, k], y [m, n], sums [1, n]; rows padded to quads of four columns
// one workgroup: a 32 by 32 tile of y from tiles of a and b in workgroup memory; one lane: four rows by one quad
// one accumulator an element, k ascending: the bits do not depend on the tile
const TRANSPOSE_A = ${transposeA};
const TRANSPOSE_B = ${transposeB};
const TILE = 32u;

// Tiles of 32 steps of k, [k][row of a] and [k][column of b]; scalars, since two lanes may not write to one vec4, and
// a padded line, so that a transposed store meets every bank.
var<workgroup> a_tile: array<array<f32, TILE + 1u>, TILE>;
var<workgroup> b_tile: array<array<f32, TILE + 1u>, TILE>;

@compute @workgroup_size(8, 8)
fn main(@builtin(local_invocation_id) lane: vec3u, @builtin(workgroup_id) tile: vec3u) {
  let member = tile.z;
  let first_row = tile.y * TILE;
  let first_quad = tile.x * 8u;
  let quads = (dims.n + 3u) / 4u;
  let k_last = dims.k - 1u;
  var sum: array<vec4f, 4>;
  var column_sum = vec4f(0);
  for (var k = 0u; k < dims.k; k += TILE) {
    // Each lane stages four quads of either tile.
    for (var i = 0u; i < 4u; i++) {
      let line = lane.y * 4u + i;
      if (TRANSPOSE_A) {
        let quad = min(first_row / 4u + lane.x, (dims.m - 1u) / 4u);
        let values = a_load(a_row(member, min(k + line, k_last)) + quad);
        for (var j = 0u; j < 4u; j++) {
          a_tile[line][lane.x * 4u + j] = values[j];
        }
      } else {
        let values = a_load(a_row(member, min(first_row + line, dims.m - 1u)) + min(k / 4u + lane.x, k_last / 4u));
        for (var j = 0u; j < 4u; j++) {
          a_tile[lane.x * 4u + j][line] = values[j];
        }
      }
      if (TRANSPOSE_B) {
        let row = min(first_quad * 4u + line, dims.n - 1u);
        let values = b_load(b_row(member, row) + min(k / 4u + lane.x, k_last / 4u));
        for (var j = 0u; j < 4u; j++) {
          b_tile[lane.x * 4u + j][line] = values[j];
        }
      } else {
        let values = b_load(b_row(member, min(k + line, k_last)) + min(first_quad + lane.x, quads - 1u));
        for (var j = 0u; j < 4u; j++) {
          b_tile[line][lane.x * 4u + j] = values[j];
        }
      }
    }
    // The tiles are whole before anyone reads them.
    workgroupBarrier();
    for (var l = 0u; l < min(TILE, dims.k - k); l++) {
      let column = lane.x * 4u;
      let b = vec4f(b_tile[l][column], b_tile[l][column + 1u], b_tile[l][column + 2u], b_tile[l][column + 3u]);
      for (var r = 0u; r < 4u; r++) {
        sum[r] += a_tile[l][lane.y * 4u + r] * b;
      }
#if ${sums}
      column_sum += b;
#endif
    }
    // Everyone has read the tiles before they are overwritten.
    workgroupBarrier();
  }
  let row = first_row + lane.y * 4u;
  let quad = first_quad + lane.x;
  if (quad >= quads) {
    return;
  }
  for (var r = 0u; r < min(4u, dims.m - min(row, dims.m)); r++) {
    store_y(Place(member, row + r, quad, quads), sum[r]);
  }
#if ${sums}
  if (row == 0u) {
    store_sums(Place(member, 0u, quad, quads), column_sum);
  }
#endif
}
