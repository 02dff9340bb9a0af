// y = aᵀ · b, and with SUMS the column sums of b (the product with a row of ones)
// a [k, m], b [k, n], y [m, n], sums [1, n]; rows padded to quads of four columns
// one invocation: eight rows by two quads of y; the row of invocations past the last one makes the sums
// one accumulator an element, k ascending: the bits do not depend on the tile
// cost: a step of k loads 2 quads of a and 2 of b for 64 multiply-adds
const ROWS = 8u;
const QUADS = 2u;

@compute @workgroup_size(4, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let row = id.y * ROWS;
  let quad = id.x * QUADS;
  let quads = (dims.n + 3u) / 4u;
  if (quad >= quads) {
    return;
  }
  // Quads of a row of a or of b past the last one repeat it, and are not stored.
  let next = min(quad + 1u, quads - 1u);
  // Rows of a and of b lie at equal distances: an addition a step instead of the products of a_row and b_row.
  var a_at = a_row(member, 0u);
  var b_at = b_row(member, 0u);
  let a_step = a_row(member, 1u) - a_at;
  let b_step = b_row(member, 1u) - b_at;
  if (row < dims.m) {
    let upper = row / 4u;
    let lower = min(upper + 1u, (dims.m - 1u) / 4u);
    var left0 = vec4f(0);
    var left1 = vec4f(0);
    var left2 = vec4f(0);
    var left3 = vec4f(0);
    var left4 = vec4f(0);
    var left5 = vec4f(0);
    var left6 = vec4f(0);
    var left7 = vec4f(0);
    var right0 = vec4f(0);
    var right1 = vec4f(0);
    var right2 = vec4f(0);
    var right3 = vec4f(0);
    var right4 = vec4f(0);
    var right5 = vec4f(0);
    var right6 = vec4f(0);
    var right7 = vec4f(0);
    for (var k = 0u; k < dims.k; k++) {
      let a = a_load(a_at + upper);
      let c = a_load(a_at + lower);
      let left = b_load(b_at + quad);
      let right = b_load(b_at + next);
      left0 += a.x * left;
      left1 += a.y * left;
      left2 += a.z * left;
      left3 += a.w * left;
      left4 += c.x * left;
      left5 += c.y * left;
      left6 += c.z * left;
      left7 += c.w * left;
      right0 += a.x * right;
      right1 += a.y * right;
      right2 += a.z * right;
      right3 += a.w * right;
      right4 += c.x * right;
      right5 += c.y * right;
      right6 += c.z * right;
      right7 += c.w * right;
      a_at += a_step;
      b_at += b_step;
    }
    for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
      let left_upper = tile_row(r, left0, left1, left2, left3);
      let left_lower = tile_row(r - 4u, left4, left5, left6, left7);
      store_y(Place(member, row + r, quad, quads), select(left_lower, left_upper, r < 4u));
      if (quad + 1u < quads) {
        let right_upper = tile_row(r, right0, right1, right2, right3);
        let right_lower = tile_row(r - 4u, right4, right5, right6, right7);
        store_y(Place(member, row + r, quad + 1u, quads), select(right_lower, right_upper, r < 4u));
      }
    }
  }
#if ${sums}
  if (id.y == (dims.m + ROWS - 1u) / ROWS) {
    var left = vec4f(0);
    var right = vec4f(0);
    for (var k = 0u; k < dims.k; k++) {
      left += b_load(b_at + quad);
      right += b_load(b_at + next);
      b_at += b_step;
    }
    store_sums(Place(member, 0u, quad, quads), left);
    if (quad + 1u < quads) {
      store_sums(Place(member, 0u, quad + 1u, quads), right);
    }
  }
#endif
}
