// WGSL's log of a NaN or of a negative number is a number on real drivers; its square root is NaN.
fn logarithm(x: vec4f) -> vec4f {
  return select(sqrt(x), log(x), x >= vec4f(0));
}
