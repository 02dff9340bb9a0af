// y is the output of tanh; 1 - y² would cancel where |y| is close to 1.
fn tanhGradient(dy: vec4f, y: vec4f) -> vec4f {
  return dy * ((1.0 - y) * (1.0 + y));
}
