fn absolute(x: vec4f) -> vec4f {
  return abs(x);
}
