// x[row] = data[order[start + row]], and the row's label or targets
// data [e, c] of f32 or u8, labels [e, 1] or targets [e, d], order [e, 1]; x [m, c], t [m, 1] or [m, d]
// one invocation: one quad of a row; rows past the valid count repeat the last valid one
// exact: u8 becomes the same number in f32, what rides on it normalises
// cost: a read and a write of each number, rows in the order of the shuffle; a workgroup makes 64 quads of a row
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let row = id.y;
  let quad = id.x;
  let first = table[start_words(member)];
  let count = table[start_words(member) + 1u];
  let example = order_index(member, min(first + min(row, count - 1u), dims.e - 1u));
  let quads = (dims.c + 3u) / 4u;
  if (quad < quads) {
    store_x(Place(member, row, quad, quads), data_load(data_row(member, example) + quad));
  }
#if ${labels}
  if (quad == 0u) {
    store_t(Place(member, row, 0u, 1u), labels_index(member, example));
  }
#endif
#if ${targets}
  let target_quads = (dims.d + 3u) / 4u;
  if (quad < target_quads) {
    store_t(Place(member, row, quad, target_quads), targets_load(targets_row(member, example) + quad));
  }
#endif
}
