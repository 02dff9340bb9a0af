// y is the output of sigmoid.
fn sigmoidGradient(dy: vec4f, y: vec4f) -> vec4f {
  return dy * (y * (1.0 - y));
}
