// The upper 24 bits of a word: f32 holds them all.
fn randomUniform(at: Place, source: u32) -> vec4f {
  return vec4f(random_words(at, source, 0u) >> vec4u(8u)) * 0x1p-24;
}
