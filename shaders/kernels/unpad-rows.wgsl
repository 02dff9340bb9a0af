// rows of a caller's tight buffer, from row `first` on, = padded; rows past its end are left out
// padded [rows, cols] with rows of whole quads, from quad `base` on; tight [n, cols]
// one invocation: values, as far apart as there are invocations
// exact copy
// cost: a read and a write of each number
struct Dims {
  cols: u32,
  rows: u32,
  base: u32,
  first: u32,
}

@group(1) @binding(0) var<uniform> dims: Dims;
@group(1) @binding(1) var<storage, read> padded: array<vec4f>;
@group(1) @binding(2) var<storage, read_write> tight: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let quads = (dims.cols + 3u) / 4u;
  let start = dims.first * dims.cols;
  let end = min(dims.rows * dims.cols, arrayLength(&tight) - start);
  for (var i = id.x; i < end; i += groups.x * 64u) {
    let col = i % dims.cols;
    tight[start + i] = padded[dims.base + i / dims.cols * quads + col / 4u][col % 4u];
  }
}
