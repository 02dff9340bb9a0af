fn eluGradient(dy: vec4f, y: vec4f, alpha: vec4f) -> vec4f {
  return select(dy * (y + alpha), dy, y > vec4f(0));
}
