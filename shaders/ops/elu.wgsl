// e^x - 1 cancels near 0, so from -0.5 on its Taylor series, cut where 1.1e-8 of it is left out.
fn elu(x: vec4f, alpha: vec4f) -> vec4f {
  let series = 1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0 * (1.0 + x / 7.0 * (1.0 + x / 8.0)))));
  let under = select(exp(x) - 1.0, x * (1.0 + x * 0.5 * series), x > vec4f(-0.5));
  return select(alpha * under, x, x > vec4f(0));
}
