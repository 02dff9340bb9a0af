// y = Σ x, or with PENALTY the L2 penalty (λ / 2) · Σ x²
// x [m, n], lambda [1, 1], y [1, 1]; rows padded to quads of four columns, pads are 0
// one workgroup; one lane: every 256th quad of x, row after row
// strided sums of quads, then the quad's four, then a fixed tree over the lanes
// cost: a read of x by one workgroup, so by one core of a GPU; a tree of five barriers
const LANES = 256u;
const PENALTY = ${penalty};

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let member = group.z;
  let quads = (dims.n + 3u) / 4u;
  var sum = vec4f(0);
  for (var i = lane; i < dims.m * quads; i += LANES) {
    let x = x_load(x_row(member, i / quads) + i % quads);
    sum += select(x, x * x, vec4<bool>(PENALTY));
  }
  let total = tree_sum(lane, sum.x + sum.y + sum.z + sum.w);
  if (lane == 0u) {
    let at = Place(member, 0u, 0u, 1u);
#if ${penalty}
    store_y(at, vec4f(0.5 * lambda_value(at).x * total, 0, 0, 0));
#else
    store_y(at, vec4f(total, 0, 0, 0));
#endif
  }
}
