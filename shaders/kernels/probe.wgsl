// out = (a * b + c, a + b * 2^-20, a * b, d + d), and behind them (a != a, max(a, 0), b + c, a * 0) of special numbers
// two vec4 (a, b, c, d) a lane in and out: first all ordinary ones, then all special ones
// one workgroup
// shows whether multiply-add is fused, how sums and products are rounded, whether subnormals and NaN survive
// cost: once a device
struct Dims {
  lanes: u32,
  zero: u32,
}

@group(1) @binding(0) var<uniform> dims: Dims;
@group(1) @binding(1) var<storage, read> numbers: array<vec4f>;
@group(1) @binding(2) var<storage, read_write> results: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < dims.lanes) {
    let v = numbers[lane];
    // The same numbers, which a compiler cannot know: it would make one product of both, and then fuse none, unlike in kernels.
    let again = numbers[lane + dims.zero];
    results[lane] = vec4f(v.x * v.y + v.z, v.x + v.y * 0x1p-20, again.x * again.y, v.w + v.w);
    let s = numbers[lane + dims.lanes];
    results[lane + dims.lanes] = vec4f(select(0.0, 1.0, s.x != s.x), max(s.x, 0.0), s.y + s.z, s.x * 0.0);
  }
}
