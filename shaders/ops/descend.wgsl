fn descend(theta: vec4f, d: vec4f, rate: vec4f) -> vec4f {
  return theta - rate * d;
}
