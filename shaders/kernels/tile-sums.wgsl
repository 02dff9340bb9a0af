// y = Σ of x over 64 rows and all columns
// x [m, n], y [m / 64, 1]; rows padded to quads of four columns, pads are 0
// one workgroup: 64 rows, one a lane; rows past the valid count do not enter
// a row's quads ascending, then the quad's four, then a fixed tree over the rows
// cost: a read of x; a tree of four barriers for 64 rows
const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = tile.z;
  let row = tile.x * LANES + lane;
  let x_at = x_row(member, min(row, dims.m - 1u));
  var sum = vec4f(0);
  for (var quad = 0u; quad < (dims.n + 3u) / 4u; quad++) {
    sum += x_load(x_at + quad);
  }
  let counted = row < min(dims.m, table[batch_words(member)]);
  let total = tree_sum(lane, select(0.0, sum.x + sum.y + sum.z + sum.w, counted));
  if (lane == 0u) {
    store_y(Place(member, tile.x, 0u, 1u), vec4f(total, 0, 0, 0));
  }
}
