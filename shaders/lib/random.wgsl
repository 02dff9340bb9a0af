// Random words of four columns, number `draw` of them, by the contract of randomness.
// source: the place in the step table of seed (low, high), step, layer | stream << 24, sample, two unused words, first row.
fn random_words(at: Place, source: u32, draw: u32) -> vec4u {
  let quad = (at.row + table[source + 7u]) * at.quads + at.quad;
  let counter = vec4u(quad, table[source + 2u], table[source + 3u] + (draw << 16u), table[source + 4u]);
  return philox(counter, vec2u(table[source], table[source + 1u]));
}
