struct Frame {
  size: vec2f,
  angle: f32,
}

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<storage, read_write> places: array<vec2f>;
@group(0) @binding(2) var<storage, read> logits: array<f32>;

// Writes the place of every pixel in [-1, 1] x [-1, 1], turned a little more in each frame.
@compute @workgroup_size(64)
fn write_places(@builtin(global_invocation_id) id: vec3u) {
  let width = u32(frame.size.x);
  if (id.x >= arrayLength(&places)) {
    return;
  }
  let at = 2.0 * vec2f(f32(id.x % width), f32(id.x / width)) / frame.size - 1.0;
  let turned = vec2f(cos(frame.angle), sin(frame.angle));
  places[id.x] = vec2f(dot(at, turned), dot(at, vec2f(-turned.y, turned.x)));
}

// One triangle covers the canvas.
@vertex
fn cover(@builtin(vertex_index) corner: u32) -> @builtin(position) vec4f {
  return vec4f(f32(corner % 2) * 4.0 - 1.0, f32(corner / 2) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn colour(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let p = 1.0 / (1.0 + exp(-logits[u32(at.y) * u32(frame.size.x) + u32(at.x)]));
  return vec4f(mix(vec3f(0.85, 0.35, 0.1), vec3f(0.1, 0.35, 0.85), p), 1.0);
}
