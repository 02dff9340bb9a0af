// y is the output of leakyRelu. With slope > 0 it has the sign of the input.
fn leakyReluGradient(dy: vec4f, y: vec4f, slope: vec4f) -> vec4f {
  return select(dy * slope, dy, y > vec4f(0));
}
