// Four pixels as four numbers in 0..255.
fn unpack_u8(pixels: u32) -> vec4f {
  return vec4f((vec4u(pixels) >> vec4u(0, 8, 16, 24)) & vec4u(255));
}
