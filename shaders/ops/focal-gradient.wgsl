// max() may hide a NaN, and c shows it.
fn focalGradient(dy: vec4f, c: vec4f, gamma: vec4f) -> vec4f {
  let p = exp(-c);
  let q = max(1.0 - p, vec4f(0x1p-24));
  return dy * (exp(gamma * log(q)) * (1.0 + gamma * (c * (p / q))));
}
