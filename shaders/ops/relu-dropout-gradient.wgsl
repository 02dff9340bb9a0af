// The gradient of dropout(relu(z)): y is that output, positive exactly where z passed both.
fn reluDropoutGradient(dy: vec4f, y: vec4f, at: Place, source: u32) -> vec4f {
  return select(vec4f(0), dy * bitcast<f32>(table[source + 6u]), y > vec4f(0));
}
