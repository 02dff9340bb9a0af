// y = a · bᵀ
// a [m, k], b [n, k], y [m, n]; rows padded to quads of four columns, pads of a and b are 0
// one invocation: ROWS rows by QUADS quads of y; four rows of b are transposed in registers
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
  var b_at: array<vec4u, QUADS>;
  for (var q = 0u; q < QUADS; q++) {
    for (var j = 0u; j < 4u; j++) {
      b_at[q][j] = b_row(member, min((quad + q) * 4u + j, dims.n - 1u));
    }
  }
  var sum: array<array<vec4f, QUADS>, ROWS>;
  for (var k = 0u; k < (dims.k + 3u) / 4u; k++) {
    var a: array<vec4f, ROWS>;
    for (var r = 0u; r < ROWS; r++) {
      a[r] = a_load(a_at[r] + k);
    }
    for (var q = 0u; q < QUADS; q++) {
      let at = b_at[q];
      let b = transpose(mat4x4f(b_load(at.x + k), b_load(at.y + k), b_load(at.z + k), b_load(at.w + k)));
      for (var r = 0u; r < ROWS; r++) {
        sum[r][q] += a[r].x * b[0];
        sum[r][q] += a[r].y * b[1];
        sum[r][q] += a[r].z * b[2];
        sum[r][q] += a[r].w * b[3];
      }
    }
  }
  for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
    for (var q = 0u; q < min(QUADS, quads - quad); q++) {
      store_y(Place(member, row + r, quad + q, quads), sum[r][q]);
    }
  }
}
