// max(x, 0) + log(1 + t), t = exp(-|x|). WGSL's log loses small t, so log(1 + t) = 2·atanh(s), s = t / (2 + t) <= 1/3,
// by the series s + s³/3 + s⁵/5 + ..., cut where less than 1.6e-8 of the result is left out.
fn softplus(x: vec4f) -> vec4f {
  let t = exp(-abs(x));
  let s = t / (2.0 + t);
  let q = s * s;
  let small = q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q / 13.0)))));
  return select(x, vec4f(0), x < vec4f(0)) + 2.0 * s * (1.0 + small);
}
