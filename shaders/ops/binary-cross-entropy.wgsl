// max(z, 0) - z·t + log(1 + exp(-|z|)), the first two as one term of one sign for t in [0, 1]; log(1 + ...) as in softplus.
fn binaryCrossEntropy(z: vec4f, t: vec4f) -> vec4f {
  let e = exp(-abs(z));
  let s = e / (2.0 + e);
  let q = s * s;
  let small = q * (1.0 / 3.0 + q * (1.0 / 5.0 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q * (1.0 / 11.0 + q / 13.0)))));
  return abs(z) * select(1.0 - t, t, z < vec4f(0)) + 2.0 * s * (1.0 + small);
}
