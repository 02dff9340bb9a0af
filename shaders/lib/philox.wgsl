// Philox4x32-10: four random words from a counter and a key, with no state.
// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, section 3.3.
// A call is 157 vector instructions on RDNA 2 and 3, 230 on GA102, 291 on Adreno 730, 176 on M1 (Mesa 26.1.6, 2026-11-30). With four products
// of 16 bits a high word it was 183 and 201, 280, 326, 214. Low words out of the 16-bit products came out longer on three of the five.
const PHILOX_MULTIPLIERS = vec2u(0xD2511F53u, 0xCD9E8D57u);
const PHILOX_WEYL = vec2u(0x9E3779B9u, 0xBB67AE85u);

fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var x = counter.xz;
  // These words and the key are complemented: their exclusive or is the same.
  var y = ~counter.yw;
  var k = ~key;
  for (var round = 0u; round < 10u; round++) {
    let low = x & vec2u(0xFFFFu);
    let high = x >> vec2u(16u);
    let not_product = ~(PHILOX_MULTIPLIERS * x);
    // High words of two 64-bit products; WGSL has no u64. The multipliers are 0xD251 · 2^16 + 0x1F53 and 0x66CF · 2^17 + 0x8D57: split
    // so, no sum passes 32 bits. The product of the low halves is not made. All it can do is to carry, and it does if without it bits
    // 16 to 31 come out above those of the low word: so 0xFFFF less those is added, which carries then and only then.
    let rest = not_product >> vec2u(16u);
    let first = 0xD251u * high.x + ((0xD251u * low.x + (0x1F53u * high.x + rest.x)) >> 16u);
    let second = 0xCD9Eu * high.y + ((0x66CFu * low.y + ((0x8D57u * high.y + rest.y) >> 1u)) >> 15u);
    x = vec2u(second, first) ^ y ^ k;
    y = not_product.yx;
    k -= PHILOX_WEYL;
  }
  return vec4u(x.x, ~y.x, x.y, ~y.y);
}
