// Four steps of k: `a` holds one row's four values, b0 to b3 four rows of the other operand. In this order, one after another.
fn accumulate(sum: vec4f, a: vec4f, b0: vec4f, b1: vec4f, b2: vec4f, b3: vec4f) -> vec4f {
  return sum + a.x * b0 + a.y * b1 + a.z * b2 + a.w * b3;
}
