fn reluGradient(dy: vec4f, y: vec4f) -> vec4f {
  return select(vec4f(0), dy, y > vec4f(0));
}
