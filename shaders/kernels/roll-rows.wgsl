// y[row] = x[(row + distance) mod count], or back: x[(row - distance) mod count]; y[row] = x[row] from row count on
// x [m, n] of f32 or u32 labels [m, 1], roll (distance, count); y like x
// one invocation: one quad of a row, or its label
// exact; distance < count, so that one subtraction is the remainder
// cost: a read and a write of each number
const BACK = ${back};

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let row = id.y;
  let count = table[roll_words(member) + 1u];
  let distance = table[roll_words(member)];
  let moved = row + select(distance, count - distance, BACK);
  let from_row = select(row, select(moved, moved - count, moved >= count), row < count);
#if ${labels}
  if (id.x == 0u) {
    store_y(Place(member, row, 0u, 1u), x_index(member, from_row));
  }
#else
  let quads = (dims.n + 3u) / 4u;
  if (id.x < quads) {
    store_y(Place(member, row, id.x, quads), x_load(x_row(member, from_row) + id.x));
  }
#endif
}
