// √2·erfinv(x) of x = (2k + 1)·2^-23 - 1, k the upper 23 bits of a word: x, 1 - x and 1 + x are exact.
// erfinv(x) = x·p(w), w = -log(1 - x²). Source of the polynomials: Giles, "Approximating the erfinv function", GPU Computing
// Gems Jade (2011), single precision.
fn randomNormal(at: Place, source: u32) -> vec4f {
  let odd = vec4f((random_words(at, source, 0u) >> vec4u(9u)) * 2u + 1u);
  let below = odd * 0x1p-23;
  let above = (16777216.0 - odd) * 0x1p-23;
  let w = -log(below * above);
  let near = w - 2.5;
  var p = vec4f(2.81022636e-08);
  p = 3.43273939e-07 + p * near;
  p = -3.5233877e-06 + p * near;
  p = -4.39150654e-06 + p * near;
  p = 0.00021858087 + p * near;
  p = -0.00125372503 + p * near;
  p = -0.00417768164 + p * near;
  p = 0.246640727 + p * near;
  p = 1.50140941 + p * near;
  let far = sqrt(w) - 3.0;
  var q = vec4f(-0.000200214257);
  q = 0.000100950558 + q * far;
  q = 0.00134934322 + q * far;
  q = -0.00367342844 + q * far;
  q = 0.00573950773 + q * far;
  q = -0.0076224613 + q * far;
  q = 0.00943887047 + q * far;
  q = 1.00167406 + q * far;
  q = 2.83297682 + q * far;
  return 1.41421356 * (select(q, p, w < vec4f(5)) * (below - 1.0));
}
