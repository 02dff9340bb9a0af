// sigmoid(z) - t = (1 - t)·sigmoid(z) - t·sigmoid(-z), which does not cancel for a t of 0 or 1.
fn binaryCrossEntropyGradient(dy: vec4f, z: vec4f, t: vec4f) -> vec4f {
  let e = exp(-abs(z));
  let right = z >= vec4f(0);
  let over = (1.0 - t) * select(e, vec4f(1), right) - t * select(vec4f(1), e, right);
  return dy * (over / (1.0 + e));
}
