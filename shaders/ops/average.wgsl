fn average(m: vec4f, g: vec4f, beta: vec4f, one_minus_beta: vec4f) -> vec4f {
  return beta * m + one_minus_beta * g;
}
