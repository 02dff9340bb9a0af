// Kept where the random word is not below the threshold; four columns share one call of philox.
// source: the place in the step table of seed (low, high), step, layer | stream << 24, sample, threshold, scale, first row.
fn dropout(x: vec4f, at: Place, source: u32) -> vec4f {
  let quad = (at.row + table[source + 7u]) * at.quads + at.quad;
  let counter = vec4u(quad, table[source + 2u], table[source + 3u], table[source + 4u]);
  let random = philox(counter, vec2u(table[source], table[source + 1u]));
  let scaled = x * bitcast<f32>(table[source + 6u]);
  return select(scaled, vec4f(0), random < vec4u(table[source + 5u]));
}
