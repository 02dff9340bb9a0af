fn leakyRelu(x: vec4f, slope: vec4f) -> vec4f {
  return select(x, x * slope, x < vec4f(0));
}
