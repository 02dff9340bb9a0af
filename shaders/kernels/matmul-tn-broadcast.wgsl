// y = aᵀ · b, and with SUMS the column sums of b (the product with a row of ones)
// a [k, m], b [k, n], y [m, n], sums [1, n]; rows padded to quads of four columns
// one workgroup: 16 rows; one lane: all of them by one quad of y. A lane loads a quad of a for its whole subgroup
// one accumulator an element, k ascending: the bits do not depend on the tile
// cost: two steps of k load 2 quads of b and 8 / SHARE of a for 128 multiply-adds, and hand 8 quads around
const LANES = ${lanes}u;
const SHARE = ${share}u; // lanes of a subgroup that load different quads: 4 of one step of k, or 8 of two
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
  // Quads past the last one repeat it, and are not stored: no lane may leave before the last broadcast.
  var a_at = a_row(member, 0u) + min(row / 4u + subgroup_lane % 4u, (dims.m - 1u) / 4u);
  var b_at = b_row(member, 0u) + min(quad, quads - 1u);
  // Rows of a and of b lie at equal distances: an addition a step instead of the products of a_row and b_row.
  let a_step = a_row(member, 1u) - a_row(member, 0u);
  let b_step = b_row(member, 1u) - b_row(member, 0u);
  let loads_odd = SHARE == 8u && subgroup_lane % 8u >= 4u;
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
  var column_sum = vec4f(0);
  for (var k = 0u; k < dims.k; k += 2u) {
    // A step past the last one adds 0 · 0, which changes no bit but, at most, the sign of a 0.
    let next = select(0u, 1u, k + 1u < dims.k);
    let even_a = select(a_load(a_at + select(0u, next * a_step, loads_odd)), vec4f(0), loads_odd && next == 0u);
    var odd_a = even_a;
    if (SHARE == 4u) {
      odd_a = select(vec4f(0), a_load(a_at + next * a_step), next == 1u);
    }
    let even = b_load(b_at);
    let odd = select(vec4f(0), b_load(b_at + next * b_step), next == 1u);
    a_at += 2u * a_step;
    b_at += 2u * b_step;
    let even0 = subgroupBroadcast(even_a, 0u);
    let odd0 = subgroupBroadcast(odd_a, SHARE - 4u + 0u);
    y0 = y0 + even0.x * even + odd0.x * odd;
    y1 = y1 + even0.y * even + odd0.y * odd;
    y2 = y2 + even0.z * even + odd0.z * odd;
    y3 = y3 + even0.w * even + odd0.w * odd;
    let even1 = subgroupBroadcast(even_a, 1u);
    let odd1 = subgroupBroadcast(odd_a, SHARE - 4u + 1u);
    y4 = y4 + even1.x * even + odd1.x * odd;
    y5 = y5 + even1.y * even + odd1.y * odd;
    y6 = y6 + even1.z * even + odd1.z * odd;
    y7 = y7 + even1.w * even + odd1.w * odd;
    let even2 = subgroupBroadcast(even_a, 2u);
    let odd2 = subgroupBroadcast(odd_a, SHARE - 4u + 2u);
    y8 = y8 + even2.x * even + odd2.x * odd;
    y9 = y9 + even2.y * even + odd2.y * odd;
    y10 = y10 + even2.z * even + odd2.z * odd;
    y11 = y11 + even2.w * even + odd2.w * odd;
    let even3 = subgroupBroadcast(even_a, 3u);
    let odd3 = subgroupBroadcast(odd_a, SHARE - 4u + 3u);
    y12 = y12 + even3.x * even + odd3.x * odd;
    y13 = y13 + even3.y * even + odd3.y * odd;
    y14 = y14 + even3.z * even + odd3.z * odd;
    y15 = y15 + even3.w * even + odd3.w * odd;
#if ${sums}
    column_sum = column_sum + even + odd;
#endif
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
#if ${sums}
  if (row == 0u) {
    store_sums(Place(member, 0u, quad, quads), column_sum);
  }
#endif
}
