// Adds four steps of k, one after another in this order: `a` holds four values of one row, b0 to b3 four rows of b.
fn accumulate(sum: vec4f, a: vec4f, b0: vec4f, b1: vec4f, b2: vec4f, b3: vec4f) -> vec4f {
  return sum + a.x * b0 + a.y * b1 + a.z * b2 + a.w * b3;
}
