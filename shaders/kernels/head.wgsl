// z = x · w + b; loss = log Σ exp(z - max z) - (z_label - max z), dz = (softmax z - onehot) · drow
// x [m, k], w [k, n], b [1, n], labels [m, 1], drow [m, 1]; losses and hits [m, 1], their sums [m / 64, 1]
// one workgroup: 64 rows, one a lane, whose QUADS quads of logits stay in registers
// the order of every sum is that of matmul-nn, bias and softmax-cross-entropy one after another
const LANES = 64u;
const QUADS = ${quads}u;
const LOWEST = -3.0e38;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = tile.z;
  let tile_row = tile.x * LANES + lane;
  let row = min(tile_row, dims.m - 1u);
  let x_at = x_row(member, row);
  var z: array<vec4f, QUADS>;
  for (var k = 0u; k < dims.k; k += 4u) {
    let x = x_load(x_at + k / 4u);
    for (var j = 0u; j < 4u; j++) {
      let w_at = w_row(member, min(k + j, dims.k - 1u));
      for (var quad = 0u; quad < QUADS; quad++) {
        z[quad] += x[j] * w_load(w_at + quad);
      }
    }
  }
  let b_at = b_row(member, 0u);
  var largest = LOWEST;
  var winner = 0u;
  for (var quad = 0u; quad < QUADS; quad++) {
    z[quad] += b_load(b_at + quad);
    for (var j = 0u; j < 4u; j++) {
      if (quad * 4u + j < dims.n && z[quad][j] > largest) {
        largest = z[quad][j];
        winner = quad * 4u + j;
      }
    }
  }
  let wanted = min(labels_index(member, row), dims.n - 1u);
  var sum = 0.0;
  var z_wanted = 0.0;
  for (var quad = 0u; quad < QUADS; quad++) {
    let e = exp(z[quad] - largest);
    for (var j = 0u; j < 4u; j++) {
      sum += select(0.0, e[j], quad * 4u + j < dims.n);
      z_wanted = select(z_wanted, z[quad][j], quad * 4u + j == wanted);
    }
  }
  let loss = log(sum) - (z_wanted - largest);
  let hit = select(0.0, 1.0, winner == wanted);
  if (tile_row < dims.m) {
    store_losses(Place(member, row, 0u, 1u), vec4f(loss, 0, 0, 0));
    store_hits(Place(member, row, 0u, 1u), vec4f(hit, 0, 0, 0));
    let drow = drow_value(Place(member, row, 0u, 1u)).x;
    for (var quad = 0u; quad < QUADS; quad++) {
      let at = Place(member, row, quad, QUADS);
      let columns = vec4u(0, 1, 2, 3) + quad * 4u;
      let difference = exp(z[quad] - largest) / sum - select(vec4f(0), vec4f(1), columns == vec4u(wanted));
      store_logits(at, z[quad]);
      store_dlogits(at, select(vec4f(0), difference * drow, vec4<bool>(drow != 0)));
    }
  }
  let counted = tile_row < table[batch_words(member)];
  let loss_sum = tree_sum(lane, select(0.0, loss, counted));
  let hit_sum = tree_sum(lane, select(0.0, hit, counted));
  if (lane == 0u) {
    store_lossSums(Place(member, tile.x, 0u, 1u), vec4f(loss_sum, 0, 0, 0));
    store_correctSums(Place(member, tile.x, 0u, 1u), vec4f(hit_sum, 0, 0, 0));
  }
}
