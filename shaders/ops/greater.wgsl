fn greater(a: vec4f, b: vec4f) -> vec4f {
  return select(vec4f(0), vec4f(1), a > b);
}
