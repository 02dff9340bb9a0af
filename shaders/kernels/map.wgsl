// y = the elementwise ops that ride here, one after another
// operands and results [m, n] or broadcast; rows padded to quads of four columns
// one invocation: one quad
// no sum: numerics are those of the ops
// cost: a read of each operand and a write of each result, however many ops ride
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let quads = (dims.n + 3u) / 4u;
  let i = id.y * groups.x * 64u + id.x;
  if (i < dims.m * quads) {
    store_y(Place(id.z, i / quads, i % quads, quads));
  }
}
