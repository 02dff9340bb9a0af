// Columns past the last one are pads, and pads are 0.
fn inside(value: vec4f, quad: u32, cols: u32) -> vec4f {
  return select(vec4f(0), value, vec4u(0, 1, 2, 3) + quad * 4u < vec4u(cols));
}
