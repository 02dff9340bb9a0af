// loss = log Σ exp(z - max z) - (z_label - max z), dz = (softmax z - onehot) · drow; smoothed: onehot is (1 - s)·onehot + s / n
// logits z [m, n], labels [m, 1] or targets [m, n], drow and weights of rows [m, 1]; losses and hits [m, 1], their sums [m / 64, 1]
// one workgroup: 64 rows, one a lane; pads of z are masked, rows past the valid count do not enter the sums
// log-sum-exp with the maximum taken out, columns ascending; the sum over rows is a fixed tree
// cost: three reads of the logits, all but the first from the cache, and two exponentials each; m / 64 workgroups
const LANES = 64u;
const LOWEST = -3.0e38;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = tile.z;
  let tile_row = tile.x * LANES + lane;
  let row = min(tile_row, dims.m - 1u);
  let quads = (dims.n + 3u) / 4u;
  let z_at = logits_row(member, row);
  var largest = LOWEST;
  var winner = 0u;
  for (var column = 0u; column < dims.n; column++) {
    let z = logits_load(z_at + column / 4u)[column % 4u];
    if (z > largest) {
      largest = z;
      winner = column;
    }
  }
  var sum = 0.0;
#if ${smoothed}
  var total = 0.0;
#endif
  for (var column = 0u; column < dims.n; column++) {
    let z = logits_load(z_at + column / 4u)[column % 4u] - largest;
    sum += exp(z);
#if ${smoothed}
    total += z;
#endif
  }
#if ${soft}
  let t_at = targets_row(member, row);
  var target_sum = 0.0;
  var target_dot = 0.0;
  var target_largest = LOWEST;
  var wanted = 0u;
  for (var column = 0u; column < dims.n; column++) {
    let t = targets_load(t_at + column / 4u)[column % 4u];
    target_sum += t;
    target_dot += t * (logits_load(z_at + column / 4u)[column % 4u] - largest);
    if (t > target_largest) {
      target_largest = t;
      wanted = column;
    }
  }
  let loss = log(sum) * target_sum - target_dot;
#else
  let label = labels_index(member, row);
  labels_flag(member, label >= dims.n && tile_row < table[batch_words(member)]);
  let wanted = min(label, dims.n - 1u);
  let z_wanted = logits_load(z_at + wanted / 4u)[wanted % 4u] - largest;
#if ${smoothed}
  let smoothing = smoothing_value(Place(member, 0u, 0u, 1u)).x;
  let other = smoothing / f32(dims.n);
  let loss = log(sum) - ((1.0 - smoothing) * z_wanted + other * total);
#else
  let loss = log(sum) - z_wanted;
#endif
#endif
  let hit = select(0.0, 1.0, winner == wanted);
  if (tile_row < dims.m) {
    store_losses(Place(member, row, 0u, 1u), vec4f(loss, 0, 0, 0));
    store_hits(Place(member, row, 0u, 1u), vec4f(hit, 0, 0, 0));
    let drow = drow_value(Place(member, row, 0u, 1u)).x;
    for (var quad = 0u; quad < quads; quad++) {
      let softmax = exp(logits_load(z_at + quad) - largest) / sum;
#if ${soft}
      let difference = softmax * target_sum - targets_load(t_at + quad);
#else
      let columns = vec4u(0, 1, 2, 3) + quad * 4u;
#if ${smoothed}
      let wanted_share = select(vec4f(other), vec4f(1.0 - smoothing + other), columns == vec4u(wanted));
#else
      let wanted_share = select(vec4f(0), vec4f(1), columns == vec4u(wanted));
#endif
      let difference = softmax - wanted_share;
#endif
      store_dlogits(Place(member, row, quad, quads), select(vec4f(0), difference * drow, vec4<bool>(drow != 0)));
    }
  }
  let counted = tile_row < table[batch_words(member)];
  var own_sums = select(vec2f(0), vec2f(loss, hit), counted);
#if ${weighted}
  own_sums *= weights_value(Place(member, row, 0u, 1u)).x;
#endif
  let sums = tree_sum(lane, own_sums);
  if (lane == 0u) {
    store_lossSums(Place(member, tile.x, 0u, 1u), vec4f(sums.x, 0, 0, 0));
    store_correctSums(Place(member, tile.x, 0u, 1u), vec4f(sums.y, 0, 0, 0));
  }
}
