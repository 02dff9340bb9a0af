// y = Σ over columns of x
// x [m, n], y [m, 1]; rows padded to quads of four columns, pads are 0
// one workgroup: one row; one lane: every 64th quad of it
// strided sums of quads, then the quad's four, then a fixed tree over the lanes
// cost: a read of x; a tree of four barriers a row
const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = group.z;
  let row = group.y;
  let x_at = x_row(member, row);
  var sum = vec4f(0);
  for (var quad = lane; quad < (dims.n + 3u) / 4u; quad += LANES) {
    sum += x_load(x_at + quad);
  }
  let total = tree_sum(lane, sum.x + sum.y + sum.z + sum.w);
  if (lane == 0u) {
    store_y(Place(member, row, 0u, 1u), vec4f(total, 0, 0, 0));
  }
}
