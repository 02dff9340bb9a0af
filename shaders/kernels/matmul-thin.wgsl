// y = a · b, where a or b may be read transposed, and with SUMS the column sums of b
// a [m, k] or [k, m], b [k, n] or [n, k], y [m, n], sums [1, n]; rows padded to quads of four columns
// one invocation: one quad of one row of y; the row of invocations past the last one makes the sums
// one accumulator an element, k ascending: the bits do not depend on the tile
// cost: a step of k loads a quad of b and at most one of a for 4 multiply-adds: memory bounds it
const TRANSPOSE_A = ${transposeA};
const TRANSPOSE_B = ${transposeB};

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let quads = (dims.n + 3u) / 4u;
  let row = id.x / quads;
  let quad = id.x % quads;
  let column = quad * 4u;
  let last_column = dims.n - 1u;
  if (row < dims.m) {
    var sum = vec4f(0);
    var left = vec4f(0);
    var right0 = vec4f(0);
    var right1 = vec4f(0);
    var right2 = vec4f(0);
    var right3 = vec4f(0);
    for (var k = 0u; k < dims.k; k++) {
      if (TRANSPOSE_A) {
        left = vec4f(a_load(a_row(member, k) + row / 4u)[row % 4u]);
      } else if (k % 4u == 0u) {
        left = a_load(a_row(member, row) + k / 4u);
      }
      if (TRANSPOSE_B && k % 4u == 0u) {
        right0 = b_load(b_row(member, column) + k / 4u);
        right1 = b_load(b_row(member, min(column + 1u, last_column)) + k / 4u);
        right2 = b_load(b_row(member, min(column + 2u, last_column)) + k / 4u);
        right3 = b_load(b_row(member, min(column + 3u, last_column)) + k / 4u);
      }
      if (TRANSPOSE_B) {
        sum += left.x * vec4f(right0.x, right1.x, right2.x, right3.x);
        right0 = right0.yzwx;
        right1 = right1.yzwx;
        right2 = right2.yzwx;
        right3 = right3.yzwx;
      } else {
        sum += left.x * b_load(b_row(member, k) + quad);
      }
      left = left.yzwx;
    }
    store_y(Place(member, row, quad, quads), sum);
  }
#if ${sums}
  if (row == dims.m) {
    var sum = vec4f(0);
    for (var k = 0u; k < dims.k; k++) {
      sum += b_load(b_row(member, k) + quad);
    }
    store_sums(Place(member, 0u, quad, quads), sum);
  }
#endif
}
