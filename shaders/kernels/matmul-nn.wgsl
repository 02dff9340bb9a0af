// y = a · b
// a [m, k], b [k, n], y [m, n]; rows padded to quads of four columns, pads of a are 0
// one invocation: ROWS rows by QUADS quads of y, straight from the buffers, no workgroup memory
// one accumulator an element, k ascending: the bits do not depend on the tile
const ROWS = ${rows}u;
const QUADS = ${quads}u;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let row = id.y * ROWS;
  let quad = id.x * QUADS;
  let quads = (dims.n + 3u) / 4u;
  if (row >= dims.m || quad >= quads) {
    return;
  }
  var a_at: array<u32, ROWS>;
  for (var r = 0u; r < ROWS; r++) {
    a_at[r] = a_row(member, min(row + r, dims.m - 1u));
  }
  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var k = 0u; k < dims.k; k += 4u) {
    var a: array<vec4f, ROWS>;
    for (var r = 0u; r < ROWS; r++) {
      a[r] = a_load(a_at[r] + k / 4u);
    }
    for (var j = 0u; j < 4u; j++) {
      let b_at = b_row(member, min(k + j, dims.k - 1u));
      for (var q = 0u; q < QUADS; q++) {
        let b = b_load(b_at + min(quad + q, quads - 1u));
        for (var r = 0u; r < ROWS; r++) {
          sum[r][q] += a[r][j] * b;
        }
      }
    }
  }
  for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
    for (var q = 0u; q < min(QUADS, quads - quad); q++) {
      store_y(Place(member, row + r, quad + q, quads), sum[r][q]);
    }
  }
}
