// y = a · bᵀ
// a [m, k], b [n, k], y [m, n]; rows padded to quads of four columns, pads of a and b are 0
// one invocation: four rows by one quad of y; four rows of b are transposed in registers
// one accumulator an element, k ascending: the bits do not depend on the tile
// cost: four steps of k load 4 quads of a and 4 of b for 64 multiply-adds
const ROWS = 4u;

@compute @workgroup_size(4, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let row = id.y * ROWS;
  let quad = id.x;
  let quads = (dims.n + 3u) / 4u;
  if (row >= dims.m || quad >= quads) {
    return;
  }
  // Rows past the last one repeat it, and are not stored.
  let last_row = dims.m - 1u;
  let a0_at = a_row(member, row);
  let a1_at = a_row(member, min(row + 1u, last_row));
  let a2_at = a_row(member, min(row + 2u, last_row));
  let a3_at = a_row(member, min(row + 3u, last_row));
  let column = quad * 4u;
  let last_column = dims.n - 1u;
  let b0_at = b_row(member, column);
  let b1_at = b_row(member, min(column + 1u, last_column));
  let b2_at = b_row(member, min(column + 2u, last_column));
  let b3_at = b_row(member, min(column + 3u, last_column));
  var y0 = vec4f(0);
  var y1 = vec4f(0);
  var y2 = vec4f(0);
  var y3 = vec4f(0);
  for (var k = 0u; k < (dims.k + 3u) / 4u; k++) {
    let b = transpose(mat4x4f(b_load(b0_at + k), b_load(b1_at + k), b_load(b2_at + k), b_load(b3_at + k)));
    let a0 = a_load(a0_at + k);
    y0 += a0.x * b[0];
    y0 += a0.y * b[1];
    y0 += a0.z * b[2];
    y0 += a0.w * b[3];
    let a1 = a_load(a1_at + k);
    y1 += a1.x * b[0];
    y1 += a1.y * b[1];
    y1 += a1.z * b[2];
    y1 += a1.w * b[3];
    let a2 = a_load(a2_at + k);
    y2 += a2.x * b[0];
    y2 += a2.y * b[1];
    y2 += a2.z * b[2];
    y2 += a2.w * b[3];
    let a3 = a_load(a3_at + k);
    y3 += a3.x * b[0];
    y3 += a3.y * b[1];
    y3 += a3.z * b[2];
    y3 += a3.w * b[3];
  }
  for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
    store_y(Place(member, row + r, quad, quads), tile_row(r, y0, y1, y2, y3));
  }
}
