// y = a · bᵀ
// a [m, k], b [n, k], y [m, n]; rows padded to quads of four columns, pads of a and b are 0
// one workgroup: 16 rows; one lane: all of them by one quad of y. A lane loads a row of a for its whole subgroup
// one accumulator an element, k ascending: the bits do not depend on the tile
const LANES = ${lanes}u;
const SHARE = ${share}u; // rows that a subgroup loads at once, one a lane: 8, or 4 where it has no more lanes
const ROWS = 16u;

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
  let share = row + subgroup_lane % SHARE;
  let last_row = dims.m - 1u;
  let upper_at = a_row(member, min(share, last_row));
  let lower_at = a_row(member, min(share + 8u, last_row));
  let upper_rest_at = a_row(member, min(share + 4u, last_row));
  let lower_rest_at = a_row(member, min(share + 12u, last_row));
  let column = quad * 4u;
  let last_column = dims.n - 1u;
  let b0_at = b_row(member, min(column, last_column));
  let b1_at = b_row(member, min(column + 1u, last_column));
  let b2_at = b_row(member, min(column + 2u, last_column));
  let b3_at = b_row(member, min(column + 3u, last_column));
  var y0 = vec4f(0);
  var y1 = vec4f(0);
  var y2 = vec4f(0);
  var y3 = vec4f(0);
  var y4 = vec4f(0);
  var y5 = vec4f(0);
  var y6 = vec4f(0);
  var y7 = vec4f(0);
  var y8 = vec4f(0);
  var y9 = vec4f(0);
  var y10 = vec4f(0);
  var y11 = vec4f(0);
  var y12 = vec4f(0);
  var y13 = vec4f(0);
  var y14 = vec4f(0);
  var y15 = vec4f(0);
  for (var k = 0u; k < (dims.k + 3u) / 4u; k++) {
    let upper = a_load(upper_at + k);
    let lower = a_load(lower_at + k);
    var upper_rest = upper;
    var lower_rest = lower;
    if (SHARE == 4u) {
      upper_rest = a_load(upper_rest_at + k);
      lower_rest = a_load(lower_rest_at + k);
    }
    let c0 = b_load(b0_at + k);
    let c1 = b_load(b1_at + k);
    let c2 = b_load(b2_at + k);
    let c3 = b_load(b3_at + k);
    // Four rows of b, transposed.
    let b0 = vec4f(c0.x, c1.x, c2.x, c3.x);
    let b1 = vec4f(c0.y, c1.y, c2.y, c3.y);
    let b2 = vec4f(c0.z, c1.z, c2.z, c3.z);
    let b3 = vec4f(c0.w, c1.w, c2.w, c3.w);
    y0 = accumulate(y0, subgroupBroadcast(upper, 0u), b0, b1, b2, b3);
    y1 = accumulate(y1, subgroupBroadcast(upper, 1u), b0, b1, b2, b3);
    y2 = accumulate(y2, subgroupBroadcast(upper, 2u), b0, b1, b2, b3);
    y3 = accumulate(y3, subgroupBroadcast(upper, 3u), b0, b1, b2, b3);
    y4 = accumulate(y4, subgroupBroadcast(upper_rest, SHARE - 4u), b0, b1, b2, b3);
    y5 = accumulate(y5, subgroupBroadcast(upper_rest, SHARE - 3u), b0, b1, b2, b3);
    y6 = accumulate(y6, subgroupBroadcast(upper_rest, SHARE - 2u), b0, b1, b2, b3);
    y7 = accumulate(y7, subgroupBroadcast(upper_rest, SHARE - 1u), b0, b1, b2, b3);
    y8 = accumulate(y8, subgroupBroadcast(lower, 0u), b0, b1, b2, b3);
    y9 = accumulate(y9, subgroupBroadcast(lower, 1u), b0, b1, b2, b3);
    y10 = accumulate(y10, subgroupBroadcast(lower, 2u), b0, b1, b2, b3);
    y11 = accumulate(y11, subgroupBroadcast(lower, 3u), b0, b1, b2, b3);
    y12 = accumulate(y12, subgroupBroadcast(lower_rest, SHARE - 4u), b0, b1, b2, b3);
    y13 = accumulate(y13, subgroupBroadcast(lower_rest, SHARE - 3u), b0, b1, b2, b3);
    y14 = accumulate(y14, subgroupBroadcast(lower_rest, SHARE - 2u), b0, b1, b2, b3);
    y15 = accumulate(y15, subgroupBroadcast(lower_rest, SHARE - 1u), b0, b1, b2, b3);
  }
  var first = vec4f(0);
  var second = vec4f(0);
  var third = vec4f(0);
  var fourth = vec4f(0);
  for (var r = 0u; r < min(ROWS, dims.m - row); r++) {
    if (r % 4u == 0u) {
      first = tile_row(r / 4u, y0, y4, y8, y12);
      second = tile_row(r / 4u, y1, y5, y9, y13);
      third = tile_row(r / 4u, y2, y6, y10, y14);
      fourth = tile_row(r / 4u, y3, y7, y11, y15);
    }
    store_y(Place(member, row + r, quad, quads), tile_row(r % 4u, first, second, third, fourth));
  }
}
