// y = (x - mean of the row) / √(variance of the row + epsilon)
// x [m, n], y [m, n]; rows padded to quads of four columns, pads are 0
// one workgroup: one row; one lane: every 64th quad of it, three times: the row stays in the cache
// strided sums of quads and a fixed tree for the mean, then for the squares of what is centred: no difference of large squares
// cost: a read of x from memory and two from the cache, a write of y; two trees of four barriers a row
const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = group.z;
  let row = group.y;
  let x_at = x_row(member, row);
  let quads = (dims.n + 3u) / 4u;
  var sum = vec4f(0);
  for (var quad = lane; quad < quads; quad += LANES) {
    sum += x_load(x_at + quad);
  }
  let mean = tree_sum(lane, sum.x + sum.y + sum.z + sum.w) / f32(dims.n);
  // Wait until all lanes have read the root of the first tree.
  workgroupBarrier();
  var squares = vec4f(0);
  for (var quad = lane; quad < quads; quad += LANES) {
    let centred = inside(x_load(x_at + quad) - mean, quad, dims.n);
    squares += centred * centred;
  }
  let variance = tree_sum(lane, squares.x + squares.y + squares.z + squares.w) / f32(dims.n);
  let inverse = inverseSqrt(variance + epsilon_value(Place(member, 0u, 0u, 1u)).x);
  for (var quad = lane; quad < quads; quad += LANES) {
    store_y(Place(member, row, quad, quads), (x_load(x_at + quad) - mean) * inverse);
  }
}
