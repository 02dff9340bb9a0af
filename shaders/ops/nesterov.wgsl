fn nesterov(g: vec4f, v: vec4f, momentum: vec4f) -> vec4f {
  return g + momentum * v;
}
