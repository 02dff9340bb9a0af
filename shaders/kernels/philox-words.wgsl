// words = philox(counter, key)
// numbers: two vec4u a lane, the counter and (key low, key high, 0, 0); words: one vec4u a lane
// one invocation: one call
// exact; for the known answers of Random123
// cost: 157 (RDNA 3) to 291 (Adreno 730) vector instructions a call
struct Dims {
  lanes: u32,
}

@group(1) @binding(0) var<uniform> dims: Dims;
@group(1) @binding(1) var<storage, read> numbers: array<vec4u>;
@group(1) @binding(2) var<storage, read_write> words: array<vec4u>;

${philox}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < dims.lanes) {
    words[id.x] = philox(numbers[id.x * 2u], numbers[id.x * 2u + 1u].xy);
  }
}
