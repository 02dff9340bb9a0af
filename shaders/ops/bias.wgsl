fn bias(x: vec4f, b: vec4f) -> vec4f {
  return x + b;
}
