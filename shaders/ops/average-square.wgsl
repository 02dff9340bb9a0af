fn averageSquare(v: vec4f, g: vec4f, beta: vec4f, one_minus_beta: vec4f) -> vec4f {
  return beta * v + one_minus_beta * (g * g);
}
