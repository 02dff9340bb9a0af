// kept = live, for every member without a flag in the last steps
// live and kept: one block of `quads` quads a member; flags: `flag_words` words for each of `members`, a slot a step
// one workgroup: 1024 quads; its lanes first look through the flags of `count` steps from `first`
// exact copy
struct Dims {
  quads: u32,
  flag_words: u32,
  slots: u32,
  first: u32,
  count: u32,
  members: u32,
}

@group(1) @binding(0) var<uniform> dims: Dims;
@group(1) @binding(1) var<storage, read> live: array<vec4f>;
@group(1) @binding(2) var<storage, read> flags: array<u32>;
@group(1) @binding(3) var<storage, read_write> kept: array<vec4f>;

const LANES = 64u;
const QUADS = 1024u;

var<workgroup> seen: atomic<u32>;

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let member = group.z;
  for (var i = lane; i < dims.count * dims.flag_words; i += LANES) {
    let slot = (dims.first + i / dims.flag_words) % dims.slots;
    atomicOr(&seen, flags[(slot * dims.members + member) * dims.flag_words + i % dims.flag_words]);
  }
  // Wait until all lanes have looked through their flags.
  workgroupBarrier();
  if (atomicLoad(&seen) != 0u) {
    return;
  }
  for (var i = lane; i < QUADS; i += LANES) {
    let quad = group.x * QUADS + i;
    if (quad < dims.quads) {
      kept[member * dims.quads + quad] = live[member * dims.quads + quad];
    }
  }
}
