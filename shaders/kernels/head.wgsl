// z = x · w + b; loss = log Σ exp(z - max z) - (z_label - max z), dz = (softmax z - onehot) · drow
// x [m, k], w [k, n], b [1, n], labels, drow and weights of rows [m, 1]; losses and hits [m, 1], their sums [m / 64, 1]; pads of x are 0
// one workgroup: 64 rows, one a lane, whose QUADS quads of logits stay in workgroup memory, on software in its own
// the order of every sum is that of matmul-nn, bias and softmax-cross-entropy one after another
// cost: four steps of k load 5 quads for 16 multiply-adds, of which each needs the one before; m / 64 workgroups
const LANES = 64u;
const QUADS = ${quads}u;
const LOWEST = -3.0e38;

// A lane reads only what it has written, so there is no barrier. A GPU would keep an array of its own, indexed at run time, in main
// memory; SwiftShader compiles that one in a third of the time (0.75 instead of 2.1 s of a processor, 2026-11-30).
#if ${software}
var<private> logits: array<vec4f, QUADS>;
#else
var<workgroup> logits: array<vec4f, LANES * QUADS>;
#endif

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = tile.z;
  let tile_row = tile.x * LANES + lane;
  let row = min(tile_row, dims.m - 1u);
  let quads = (dims.n + 3u) / 4u;
  let own = select(lane * QUADS, 0u, ${software});
  let x_at = x_row(member, row);
  let b_at = b_row(member, 0u);
  let w_step = w_row(member, 1u) - w_row(member, 0u);
  var largest = LOWEST;
  var winner = 0u;
  for (var quad = 0u; quad < quads; quad++) {
    var z = vec4f(0);
    var w_at = w_row(member, 0u) + quad;
    for (var k = 0u; k < dims.k; k += 4u) {
      // Steps past the last one repeat it with a pad, 0: that changes no bit but, at most, the sign of a 0.
      let left = dims.k - k;
      let w0 = w_load(w_at);
      let w1 = w_load(w_at + min(1u, left - 1u) * w_step);
      let w2 = w_load(w_at + min(2u, left - 1u) * w_step);
      let w3 = w_load(w_at + min(3u, left - 1u) * w_step);
      z = accumulate(z, x_load(x_at + k / 4u), w0, w1, w2, w3);
      w_at += 4u * w_step;
    }
    z += b_load(b_at + quad);
    logits[own + quad] = z;
    if (tile_row < dims.m) {
      store_logits(Place(member, row, quad, quads), z);
    }
    for (var j = 0u; j < min(4u, dims.n - quad * 4u); j++) {
      if (z.x > largest) {
        largest = z.x;
        winner = quad * 4u + j;
      }
      z = z.yzwx;
    }
  }
  let label = labels_index(member, row);
  labels_flag(member, label >= dims.n && tile_row < table[batch_words(member)]);
  let wanted = min(label, dims.n - 1u);
  var sum = 0.0;
  var z_wanted = 0.0;
  for (var quad = 0u; quad < quads; quad++) {
    var z = logits[own + quad];
    var e = exp(z - largest);
    logits[own + quad] = e;
    for (var j = 0u; j < min(4u, dims.n - quad * 4u); j++) {
      sum += e.x;
      z_wanted = select(z_wanted, z.x, quad * 4u + j == wanted);
      z = z.yzwx;
      e = e.yzwx;
    }
  }
  let loss = log(sum) - (z_wanted - largest);
  let hit = select(0.0, 1.0, winner == wanted);
  if (tile_row < dims.m) {
    store_losses(Place(member, row, 0u, 1u), vec4f(loss, 0, 0, 0));
    store_hits(Place(member, row, 0u, 1u), vec4f(hit, 0, 0, 0));
    let drow = drow_value(Place(member, row, 0u, 1u)).x;
    for (var quad = 0u; quad < quads; quad++) {
      let columns = vec4u(0, 1, 2, 3) + quad * 4u;
      let difference = logits[own + quad] / sum - select(vec4f(0), vec4f(1), columns == vec4u(wanted));
      let dlogits = select(vec4f(0), difference * drow, vec4<bool>(drow != 0));
      store_dlogits(Place(member, row, quad, quads), dlogits);
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
