// Comparisons instead of max(), which hides a NaN on real drivers; a NaN is neither above nor below, and a + b shows it.
fn maximum(a: vec4f, b: vec4f) -> vec4f {
  return select(select(a + b, b, a <= b), a, a > b);
}
