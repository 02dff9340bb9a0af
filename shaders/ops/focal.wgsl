// 1 - p is at least 2^-24: less is rounding, and its logarithm is not finite at 0.
fn focal(c: vec4f, gamma: vec4f) -> vec4f {
  return c * exp(gamma * log(max(1.0 - exp(-c), vec4f(0x1p-24))));
}
