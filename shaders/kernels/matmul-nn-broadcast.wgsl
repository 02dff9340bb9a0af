// y = a · b
// a [m, k], b [k, n], y [m, n]; rows padded to quads of four columns, pads of a are 0
// one workgroup: ROWS rows; one lane: all of them by one quad of y. A lane loads a row of a for its whole subgroup
// one accumulator an element, k ascending: the bits do not depend on the tile
const LANES = ${lanes}u;
const SHARE = ${share}u; // rows that a subgroup loads at once, one a lane: no more than its smallest size
const ROWS = 2u * SHARE;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) tile: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
) {
  let member = tile.z;
  let row = tile.y * ROWS;
  let quad = tile.x * LANES + lane;
  let quads = (dims.n + 3u) / 4u;
  // Rows and quads past the last one repeat it, and are not stored: no lane may leave before the last broadcast.
  let upper_at = a_row(member, min(row + subgroup_lane % SHARE, dims.m - 1u));
  let lower_at = a_row(member, min(row + SHARE + subgroup_lane % SHARE, dims.m - 1u));
  // Rows of b lie at equal distances: an addition a step instead of the products of b_row.
  var b_at = b_row(member, 0u) + min(quad, quads - 1u);
  let b_step = b_row(member, 1u) - b_row(member, 0u);
  var upper0 = vec4f(0);
  var upper1 = vec4f(0);
  var upper2 = vec4f(0);
  var upper3 = vec4f(0);
  var upper4 = vec4f(0);
  var upper5 = vec4f(0);
  var upper6 = vec4f(0);
  var upper7 = vec4f(0);
  var lower0 = vec4f(0);
  var lower1 = vec4f(0);
  var lower2 = vec4f(0);
  var lower3 = vec4f(0);
  var lower4 = vec4f(0);
  var lower5 = vec4f(0);
  var lower6 = vec4f(0);
  var lower7 = vec4f(0);
  for (var k = 0u; k < dims.k; k += 4u) {
    let upper = a_load(upper_at + k / 4u);
    let lower = a_load(lower_at + k / 4u);
    // Steps past the last one repeat it with a pad, 0: that changes no bit, since a sum that began at +0 is never -0.
    let left = dims.k - k;
    let b0 = b_load(b_at);
    let b1 = b_load(b_at + min(1u, left - 1u) * b_step);
    let b2 = b_load(b_at + min(2u, left - 1u) * b_step);
    let b3 = b_load(b_at + min(3u, left - 1u) * b_step);
    b_at += 4u * b_step;
    upper0 = accumulate(upper0, subgroupBroadcast(upper, 0u), b0, b1, b2, b3);
    upper1 = accumulate(upper1, subgroupBroadcast(upper, 1u), b0, b1, b2, b3);
    upper2 = accumulate(upper2, subgroupBroadcast(upper, 2u), b0, b1, b2, b3);
    upper3 = accumulate(upper3, subgroupBroadcast(upper, 3u), b0, b1, b2, b3);
    lower0 = accumulate(lower0, subgroupBroadcast(lower, 0u), b0, b1, b2, b3);
    lower1 = accumulate(lower1, subgroupBroadcast(lower, 1u), b0, b1, b2, b3);
    lower2 = accumulate(lower2, subgroupBroadcast(lower, 2u), b0, b1, b2, b3);
    lower3 = accumulate(lower3, subgroupBroadcast(lower, 3u), b0, b1, b2, b3);
    if (SHARE == 8u) {
      upper4 = accumulate(upper4, subgroupBroadcast(upper, 4u), b0, b1, b2, b3);
      upper5 = accumulate(upper5, subgroupBroadcast(upper, 5u), b0, b1, b2, b3);
      upper6 = accumulate(upper6, subgroupBroadcast(upper, 6u), b0, b1, b2, b3);
      upper7 = accumulate(upper7, subgroupBroadcast(upper, 7u), b0, b1, b2, b3);
      lower4 = accumulate(lower4, subgroupBroadcast(lower, 4u), b0, b1, b2, b3);
      lower5 = accumulate(lower5, subgroupBroadcast(lower, 5u), b0, b1, b2, b3);
      lower6 = accumulate(lower6, subgroupBroadcast(lower, 6u), b0, b1, b2, b3);
      lower7 = accumulate(lower7, subgroupBroadcast(lower, 7u), b0, b1, b2, b3);
    }
  }
  for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
    let i = r % 4u;
    let y = tile_row(
      r / SHARE * 2u + r % SHARE / 4u,
      tile_row(i, upper0, upper1, upper2, upper3),
      tile_row(i, upper4, upper5, upper6, upper7),
      tile_row(i, lower0, lower1, lower2, lower3),
      tile_row(i, lower4, lower5, lower6, lower7),
    );
    store_y(Place(member, row + r, quad, quads), y);
  }
}
