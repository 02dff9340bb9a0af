fn choose(condition: vec4f, a: vec4f, b: vec4f) -> vec4f {
  return select(b, a, condition > vec4f(0));
}
