// out = (a * b + c, a + b * 2^-20, a * b, d + d)
// one vec4 (a, b, c, d) a lane in and out
// one workgroup
// shows whether multiply-add is fused, how sums and products are rounded, whether subnormals survive
struct Dims {
  lanes: u32,
}

@group(1) @binding(0) var<uniform> dims: Dims;
@group(1) @binding(1) var<storage, read> numbers: array<vec4f>;
@group(1) @binding(2) var<storage, read_write> results: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < dims.lanes) {
    let v = numbers[lane];
    results[lane] = vec4f(v.x * v.y + v.z, v.x + v.y * 0x1p-20, v.x * v.y, v.w + v.w);
  }
}
