// exp(-|x|) cannot overflow, and neither side cancels.
fn sigmoid(x: vec4f) -> vec4f {
  let t = exp(-abs(x));
  return select(t, vec4f(1), x >= vec4f(0)) / (1.0 + t);
}
