fn exponential(x: vec4f) -> vec4f {
  return exp(x);
}
