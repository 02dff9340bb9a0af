// x·Φ(x), Φ(-|x|) = exp(-x²/2)·q·S(q), q = 3 / (3 + |x|): accurate in the left tail too, where 1 + erf would cancel.
// S: polynomial fitted to Φ(-x)·exp(x²/2) / q over all x >= 0, relative error 1.0e-7 with these f32 coefficients
// (test/ops/normal.test.ts measures it, and the rounding, against float64).
fn gelu(x: vec4f) -> vec4f {
  let a = abs(x);
  let q = 3.0 / (3.0 + a);
  var s = vec4f(-0.020404005);
  s = s * q + 0.08093547;
  s = s * q - 0.09659993;
  s = s * q + 0.0057067773;
  s = s * q + 0.009855706;
  s = s * q + 0.047190826;
  s = s * q + 0.089202516;
  s = s * q + 0.118149094;
  s = s * q + 0.13298276;
  s = s * q + 0.13298075;
  let tail = exp(-0.5 * a * a) * (q * s);
  return x * select(1.0 - tail, tail, x < vec4f(0));
}
