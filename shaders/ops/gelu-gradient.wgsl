// Φ(x) + x·φ(x): left of 0 it is exp(-x²/2)·(q·S(q) - |x| / √(2π)), with q and S as in gelu; right of 0, 1 minus that.
fn geluGradient(dy: vec4f, x: vec4f) -> vec4f {
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
  let left = exp(-0.5 * a * a) * (q * s - 0.3989423 * a);
  return dy * select(1.0 - left, left, x < vec4f(0));
}
