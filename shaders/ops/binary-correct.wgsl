fn binaryCorrect(z: vec4f, t: vec4f) -> vec4f {
  return select(vec4f(0), vec4f(1), (z > vec4f(0)) == (t > vec4f(0.5)));
}
