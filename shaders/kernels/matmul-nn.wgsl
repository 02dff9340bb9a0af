// y = a · b
// a [m, k], b [k, n], y [m, n]; rows padded to quads of four columns, pads of a are 0
// one invocation: four rows by two quads of y, straight from the buffers, no workgroup memory
// one accumulator an element, k ascending: the bits do not depend on the tile
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
  let last = dims.k - 1u;
  for (var k = 0u; k < dims.k; k += 4u) {
    let a0 = a_load(a0_at + k / 4u);
    let a1 = a_load(a1_at + k / 4u);
    let a2 = a_load(a2_at + k / 4u);
    let a3 = a_load(a3_at + k / 4u);
    let b0_at = b_row(member, k);
    let left_b0 = b_load(b0_at + quad);
    let right_b0 = b_load(b0_at + next);
    left0 += a0.x * left_b0;
    left1 += a1.x * left_b0;
    left2 += a2.x * left_b0;
    left3 += a3.x * left_b0;
    right0 += a0.x * right_b0;
    right1 += a1.x * right_b0;
    right2 += a2.x * right_b0;
    right3 += a3.x * right_b0;
    // Past the last k the elements of a are pads, and b's row is the last one.
    let b1_at = b_row(member, min(k + 1u, last));
    let left_b1 = b_load(b1_at + quad);
    let right_b1 = b_load(b1_at + next);
    left0 += a0.y * left_b1;
    left1 += a1.y * left_b1;
    left2 += a2.y * left_b1;
    left3 += a3.y * left_b1;
    right0 += a0.y * right_b1;
    right1 += a1.y * right_b1;
    right2 += a2.y * right_b1;
    right3 += a3.y * right_b1;
    let b2_at = b_row(member, min(k + 2u, last));
    let left_b2 = b_load(b2_at + quad);
    let right_b2 = b_load(b2_at + next);
    left0 += a0.z * left_b2;
    left1 += a1.z * left_b2;
    left2 += a2.z * left_b2;
    left3 += a3.z * left_b2;
    right0 += a0.z * right_b2;
    right1 += a1.z * right_b2;
    right2 += a2.z * right_b2;
    right3 += a3.z * right_b2;
    let b3_at = b_row(member, min(k + 3u, last));
    let left_b3 = b_load(b3_at + quad);
    let right_b3 = b_load(b3_at + next);
    left0 += a0.w * left_b3;
    left1 += a1.w * left_b3;
    left2 += a2.w * left_b3;
    left3 += a3.w * left_b3;
    right0 += a0.w * right_b3;
    right1 += a1.w * right_b3;
    right2 += a2.w * right_b3;
    right3 += a3.w * right_b3;
  }
  for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
    store_y(Place(member, row + r, quad, quads), tile_row(r, left0, left1, left2, left3));
    if (quad + 1u < quads) {
      store_y(Place(member, row + r, quad + 1u, quads), tile_row(r, right0, right1, right2, right3));
    }
  }
}
