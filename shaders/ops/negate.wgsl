fn negate(x: vec4f) -> vec4f {
  return -x;
}
