// y = aᵀ · b, and with SUMS the column sums of b (the product with a row of ones)
// a [k, m], b [k, n], y [m, n], sums [1, n]; rows padded to quads of four columns
// one invocation: four rows by two quads of y; the row of invocations past the last one makes the sums
// one accumulator an element, k ascending: the bits do not depend on the tile
const ROWS = 4u;
const QUADS = 2u;

@compute @workgroup_size(4, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let row = id.y * ROWS;
  let quad = id.x * QUADS;
  let quads = (dims.n + 3u) / 4u;
  if (quad >= quads) {
    return;
  }
  // A quad past the last one repeats it, and is not stored.
  let next = min(quad + 1u, quads - 1u);
  if (row < dims.m) {
    var left0 = vec4f(0);
    var left1 = vec4f(0);
    var left2 = vec4f(0);
    var left3 = vec4f(0);
    var right0 = vec4f(0);
    var right1 = vec4f(0);
    var right2 = vec4f(0);
    var right3 = vec4f(0);
    for (var k = 0u; k < dims.k; k++) {
      let a = a_load(a_row(member, k) + row / 4u);
      let b_at = b_row(member, k);
      let left = b_load(b_at + quad);
      let right = b_load(b_at + next);
      left0 += a.x * left;
      left1 += a.y * left;
      left2 += a.z * left;
      left3 += a.w * left;
      right0 += a.x * right;
      right1 += a.y * right;
      right2 += a.z * right;
      right3 += a.w * right;
    }
    for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
      store_y(Place(member, row + r, quad, quads), tile_row(r, left0, left1, left2, left3));
      if (quad + 1u < quads) {
        store_y(Place(member, row + r, quad + 1u, quads), tile_row(r, right0, right1, right2, right3));
      }
    }
  }
#if ${sums}
  if (id.y == (dims.m + ROWS - 1u) / ROWS) {
    var left = vec4f(0);
    var right = vec4f(0);
    for (var k = 0u; k < dims.k; k++) {
      let b_at = b_row(member, k);
      left += b_load(b_at + quad);
      right += b_load(b_at + next);
    }
    store_sums(Place(member, 0u, quad, quads), left);
    if (quad + 1u < quads) {
      store_sums(Place(member, 0u, quad + 1u, quads), right);
    }
  }
#endif
}
