fn squaredError(y: vec4f, t: vec4f) -> vec4f {
  let d = y - t;
  return d * d;
}
