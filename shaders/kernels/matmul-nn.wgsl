// y = a · b
// a [m, k], b [k, n], y [m, n]; rows padded to quads of four columns
// one invocation: four rows by two quads of y, straight from the buffers, no workgroup memory
// one accumulator an element, k ascending: the bits do not depend on the tile
// cost: four steps of k load 4 quads of a and 8 of b for 128 multiply-adds
const ROWS = 4u;
const QUADS = 2u;

@compute @workgroup_size(4, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let row = id.y * ROWS;
  let quad = id.x * QUADS;
  let quads = (dims.n + 3u) / 4u;
  if (row >= dims.m || quad >= quads) {
    return;
  }
  // Rows and quads past the last one repeat it, and are not stored.
  let last_row = dims.m - 1u;
  let a0_at = a_row(member, row);
  let a1_at = a_row(member, min(row + 1u, last_row));
  let a2_at = a_row(member, min(row + 2u, last_row));
  let a3_at = a_row(member, min(row + 3u, last_row));
  let next = min(quad + 1u, quads - 1u);
  var left0 = vec4f(0);
  var left1 = vec4f(0);
  var left2 = vec4f(0);
  var left3 = vec4f(0);
  var right0 = vec4f(0);
  var right1 = vec4f(0);
  var right2 = vec4f(0);
  var right3 = vec4f(0);
  // Rows of b lie at equal distances: an addition a step instead of the products of b_row.
  var b_at = b_row(member, 0u);
  let b_step = b_row(member, 1u) - b_at;
  let whole = dims.k / 4u;
  for (var k = 0u; k < whole; k++) {
    let a0 = a_load(a0_at + k);
    let a1 = a_load(a1_at + k);
    let a2 = a_load(a2_at + k);
    let a3 = a_load(a3_at + k);
    let left_b0 = b_load(b_at + quad);
    let right_b0 = b_load(b_at + next);
    left0 += a0.x * left_b0;
    left1 += a1.x * left_b0;
    left2 += a2.x * left_b0;
    left3 += a3.x * left_b0;
    right0 += a0.x * right_b0;
    right1 += a1.x * right_b0;
    right2 += a2.x * right_b0;
    right3 += a3.x * right_b0;
    b_at += b_step;
    let left_b1 = b_load(b_at + quad);
    let right_b1 = b_load(b_at + next);
    left0 += a0.y * left_b1;
    left1 += a1.y * left_b1;
    left2 += a2.y * left_b1;
    left3 += a3.y * left_b1;
    right0 += a0.y * right_b1;
    right1 += a1.y * right_b1;
    right2 += a2.y * right_b1;
    right3 += a3.y * right_b1;
    b_at += b_step;
    let left_b2 = b_load(b_at + quad);
    let right_b2 = b_load(b_at + next);
    left0 += a0.z * left_b2;
    left1 += a1.z * left_b2;
    left2 += a2.z * left_b2;
    left3 += a3.z * left_b2;
    right0 += a0.z * right_b2;
    right1 += a1.z * right_b2;
    right2 += a2.z * right_b2;
    right3 += a3.z * right_b2;
    b_at += b_step;
    let left_b3 = b_load(b_at + quad);
    let right_b3 = b_load(b_at + next);
    left0 += a0.w * left_b3;
    left1 += a1.w * left_b3;
    left2 += a2.w * left_b3;
    left3 += a3.w * left_b3;
    right0 += a0.w * right_b3;
    right1 += a1.w * right_b3;
    right2 += a2.w * right_b3;
    right3 += a3.w * right_b3;
    b_at += b_step;
  }
  // The steps past the last whole quad, one by one.
  var a0 = a_load(a0_at + min(whole, (dims.k - 1u) / 4u));
  var a1 = a_load(a1_at + min(whole, (dims.k - 1u) / 4u));
  var a2 = a_load(a2_at + min(whole, (dims.k - 1u) / 4u));
  var a3 = a_load(a3_at + min(whole, (dims.k - 1u) / 4u));
  for (var k = whole * 4u; k < dims.k; k++) {
    let left_b = b_load(b_at + quad);
    let right_b = b_load(b_at + next);
    left0 += a0.x * left_b;
    left1 += a1.x * left_b;
    left2 += a2.x * left_b;
    left3 += a3.x * left_b;
    right0 += a0.x * right_b;
    right1 += a1.x * right_b;
    right2 += a2.x * right_b;
    right3 += a3.x * right_b;
    a0 = a0.yzwx;
    a1 = a1.yzwx;
    a2 = a2.yzwx;
    a3 = a3.yzwx;
    b_at += b_step;
  }
  for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
    store_y(Place(member, row + r, quad, quads), tile_row(r, left0, left1, left2, left3));
    if (quad + 1u < quads) {
      store_y(Place(member, row + r, quad + 1u, quads), tile_row(r, right0, right1, right2, right3));
    }
  }
}
