fn velocity(v: vec4f, g: vec4f, momentum: vec4f) -> vec4f {
  return momentum * v + g;
}
