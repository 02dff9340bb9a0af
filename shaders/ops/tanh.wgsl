// WGSL's own tanh may be 1e-5 off; here every sum has terms of one sign, so the error is 9 units in the last place.
// Up to 0.625: Lambert's continued fraction x / (1 + x² / (3 + x² / (5 + x² / (7 + x² / 9)))), off by less than
// x^11 / (945 · 10395). Beyond: (1 - t) / (1 + t), t = exp(-2|x|).
fn tanh(x: vec4f) -> vec4f {
  let a = abs(x);
  let square = a * a;
  let t = exp(-2.0 * a);
  let far = a > vec4f(0.625);
  let over = select(a * (945.0 + square * (105.0 + square)), 1.0 - t, far);
  let under = select(945.0 + square * (420.0 + square * 15.0), 1.0 + t, far);
  let y = over / under;
  return select(y, -y, x < vec4f(0));
}
