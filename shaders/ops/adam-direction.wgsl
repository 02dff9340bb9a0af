fn adamDirection(m: vec4f, v: vec4f, root_correction: vec4f, epsilon: vec4f) -> vec4f {
  return m / (sqrt(v) * root_correction + epsilon);
}
