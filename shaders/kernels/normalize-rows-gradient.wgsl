// dx = (dy - mean of dy - c · mean of (dy · c) / v) / √v, with c = x - mean of the row and v = variance of the row + epsilon
// dy [m, n], x [m, n], dx [m, n] as y; rows padded to quads of four columns, pads are 0
// one workgroup: one row; one lane: every 64th quad of it, three times: the rows stay in the cache
// strided sums of quads and a fixed tree for both means, then for the squares and products of what is centred
// cost: a read of x and dy from memory and two from the cache, a write of dx; two trees of four barriers a row
const LANES = 64u;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = group.z;
  let row = group.y;
  let x_at = x_row(member, row);
  let dy_at = dy_row(member, row);
  let quads = (dims.n + 3u) / 4u;
  let n = f32(dims.n);
  var sum = vec4f(0);
  var dy_sum = vec4f(0);
  for (var quad = lane; quad < quads; quad += LANES) {
    sum += x_load(x_at + quad);
    dy_sum += dy_load(dy_at + quad);
  }
  let means = tree_sum(lane, vec2f(sum.x + sum.y + sum.z + sum.w, dy_sum.x + dy_sum.y + dy_sum.z + dy_sum.w)) / n;
  // Wait until all lanes have read the root of the first tree.
  workgroupBarrier();
  var squares = vec4f(0);
  var products = vec4f(0);
  for (var quad = lane; quad < quads; quad += LANES) {
    let centred = inside(x_load(x_at + quad) - means.x, quad, dims.n);
    squares += centred * centred;
    products += centred * dy_load(dy_at + quad);
  }
  let moments = tree_sum(
    lane,
    vec2f(squares.x + squares.y + squares.z + squares.w, products.x + products.y + products.z + products.w)
  ) / n;
  let inverse = inverseSqrt(moments.x + epsilon_value(Place(member, 0u, 0u, 1u)).x);
  let slope = moments.y * inverse * inverse;
  for (var quad = lane; quad < quads; quad += LANES) {
    let centred = x_load(x_at + quad) - means.x;
    store_y(Place(member, row, quad, quads), (dy_load(dy_at + quad) - means.y - centred * slope) * inverse);
  }
}
