// padded = rows of a caller's tight buffer, from row `first` on; rows past its end are 0
// tight [n, cols]; padded [rows, cols] with rows of whole quads, from quad `base` on
// one invocation: quads, as far apart as there are invocations
// exact copy
// cost: a read and a write of each number
struct Dims {
  cols: u32,
  rows: u32,
  base: u32,
  first: u32,
}

@group(1) @binding(0) var<uniform> dims: Dims;
@group(1) @binding(1) var<storage, read> tight: array<f32>;
@group(1) @binding(2) var<storage, read_write> padded: array<vec4f>;

@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let quads = (dims.cols + 3u) / 4u;
  let values = arrayLength(&tight);
  for (var i = id.x; i < dims.rows * quads; i += groups.x * 64u) {
    let start = (dims.first + i / quads) * dims.cols;
    var quad = vec4f();
    for (var c = 0u; c < 4u; c++) {
      let col = 4u * (i % quads) + c;
      if (col < dims.cols && start + col < values) {
        quad[c] = tight[start + col];
      }
    }
    padded[dims.base + i] = quad;
  }
}
