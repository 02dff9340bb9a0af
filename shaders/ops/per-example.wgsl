// source: the place in the step table of the number of valid rows and of 1 / that number.
fn perExample(dy: vec4f, at: Place, source: u32) -> vec4f {
  return select(vec4f(0), dy * bitcast<f32>(table[source + 1u]), at.row < table[source]);
}
