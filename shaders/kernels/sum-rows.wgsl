// y = Σ over rows of x
// x [m, n], y [1, n]; rows padded to quads of four columns
// one invocation: one quad of y
// one accumulator, rows ascending: the order of every sum over a batch
// cost: a read of x; m additions one after another by n / 4 lanes
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let quads = (dims.n + 3u) / 4u;
  if (id.x >= quads) {
    return;
  }
  var sum = vec4f(0);
  for (var row = 0u; row < dims.m; row++) {
    sum += x_load(x_row(member, row) + id.x);
  }
  store_y(Place(member, 0u, id.x, quads), sum);
}
