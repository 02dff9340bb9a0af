fn decay(theta: vec4f, factor: vec4f) -> vec4f {
  return theta * factor;
}
