// Neither side of 0 is x itself, so that a NaN comes out.
fn signOf(x: vec4f) -> vec4f {
  return select(select(x, vec4f(-1), x < vec4f(0)), vec4f(1), x > vec4f(0));
}
