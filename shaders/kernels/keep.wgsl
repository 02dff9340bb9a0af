// kept = live, into the slot that a member's window was judged to deserve, if it was
// live, older and newer slots: one block of `quads` quads a member; judged: eight words a member, the last is the slot
// one workgroup: 1024 quads
// exact copy
// cost: a read and a write of the states of members whose window was judged good, nothing for others
struct Dims {
  quads: u32,
}

@group(1) @binding(0) var<uniform> dims: Dims;
@group(1) @binding(1) var<storage, read> live: array<vec4f>;
@group(1) @binding(2) var<storage, read> judged: array<vec4u>;
@group(1) @binding(3) var<storage, read_write> slot0: array<vec4f>;
@group(1) @binding(4) var<storage, read_write> slot1: array<vec4f>;

const LANES = 64u;
const QUADS = 1024u;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let member = group.z;
  let slot = judged[2u * member + 1u].w;
  let start = group.x * QUADS;
  let end = min(start + QUADS, dims.quads);
  for (var i = start + lane; i < end; i += LANES) {
    let at = member * dims.quads + i;
    if (slot == 0u) {
      slot0[at] = live[at];
    } else if (slot == 1u) {
      slot1[at] = live[at];
    }
  }
}
