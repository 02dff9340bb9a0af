fn squaredErrorGradient(dy: vec4f, y: vec4f, t: vec4f) -> vec4f {
  return dy * (2.0 * (y - t));
}
