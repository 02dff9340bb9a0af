// y = a · b, where b may be read transposed
// a [m, k], b [k, n] or [n, k], y [m, n]; rows padded to quads of four columns, pads of a and b are 0
// one workgroup: 16 rows; one lane: all of them by one quad of y. A lane loads a row of a for its whole subgroup
// one accumulator an element, k ascending: the bits do not depend on the tile
// cost: four steps of k load 4 quads of b and 16 / SHARE of a for 256 multiply-adds, and hand 16 quads around
const TRANSPOSE_B = ${transposeB};
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
  // The lane's quad of the first row of b, or the first quad of its four rows.
  let b_quad = min(quad, quads - 1u);
  let b_step = b_row(member, 1u) - b_row(member, 0u);
  var b_at = select(b_row(member, 0u) + b_quad, b_row(member, b_quad * 4u), TRANSPOSE_B);
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
  for (var k = 0u; k < dims.k; k += 4u) {
    let upper = a_load(upper_at + k / 4u);
    let lower = a_load(lower_at + k / 4u);
    var upper_rest = upper;
    var lower_rest = lower;
    if (SHARE == 4u) {
      upper_rest = a_load(upper_rest_at + k / 4u);
      lower_rest = a_load(lower_rest_at + k / 4u);
    }
    // Rows past the last one repeat it. As steps they meet a pad of a, 0, which changes no bit but, at most, the sign of a 0;
    // as columns they are not stored.
    let rest = select(dims.k - k, dims.n - b_quad * 4u, TRANSPOSE_B) - 1u;
    var b0 = b_load(b_at);
    var b1 = b_load(b_at + min(1u, rest) * b_step);
    var b2 = b_load(b_at + min(2u, rest) * b_step);
    var b3 = b_load(b_at + min(3u, rest) * b_step);
    b_at += select(4u * b_step, 1u, TRANSPOSE_B);
    if (TRANSPOSE_B) {
      let c0 = vec4f(b0.x, b1.x, b2.x, b3.x);
      let c1 = vec4f(b0.y, b1.y, b2.y, b3.y);
      let c2 = vec4f(b0.z, b1.z, b2.z, b3.z);
      b3 = vec4f(b0.w, b1.w, b2.w, b3.w);
      b0 = c0;
      b1 = c1;
      b2 = c2;
    }
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
