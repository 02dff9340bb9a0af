// good = mean loss of a window's steps <= tolerance * best, and no flag in them; best = min(best * (1 + forget), mean)
// ring: `ring_slot` quads a step, `ring_member` of them a member, losses in `tiles` of them; flags: `flag_words` words a member
// one workgroup: one member; its lanes look through flags and losses, lane 0 judges, and says which slot the states go into
// the mean differs from the reference's by the order of its sum; see src/graph/keep-rule.ts
// cost: once a window; a read of its flags and losses, then 64 additions by lane 0 alone
struct Dims {
  members: u32,
  slots: u32,
  flag_words: u32,
  ring_slot: u32,
  ring_member: u32,
  ring_first: u32,
  tiles: u32,
  weights: u32,
  tolerance: f32,
  forget: f32,
  first: f32,
  floor: f32,
  least: f32,
}

// A member's kept states. ended is 0 as long as all was finite, best is 0 before the first window.
struct Kept {
  newer: u32,
  steps: array<u32, 2>,
  good: u32,
  ended: u32,
  best: f32,
  floor: f32,
  slot: u32,
}

@group(0) @binding(0) var<storage, read> table: array<u32>;
@group(1) @binding(0) var<uniform> dims: Dims;
@group(1) @binding(1) var<storage, read> ring: array<vec4f>;
@group(1) @binding(2) var<storage, read> flags: array<u32>;
@group(1) @binding(3) var<storage, read_write> kept: array<Kept>;

const LANES = 64u;
const NO_SLOT = 2u;

var<workgroup> seen: atomic<u32>;
var<workgroup> sums: array<f32, LANES>;

fn loss(slot: u32, member: u32, tile: u32) -> f32 {
  return ring[(slot % dims.slots) * dims.ring_slot + member * dims.ring_member + dims.ring_first + tile].x;
}

// Judged by its exponent: comparisons with NaN cannot be trusted.
fn is_finite(value: f32) -> bool {
  return (bitcast<u32>(value) & 0x7F800000u) != 0x7F800000u;
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let member = group.z;
  let count = table[1];
  let first = table[0] + dims.slots + 1u - count;
  for (var i = lane; i < count * dims.flag_words; i += LANES) {
    let slot = (first + i / dims.flag_words) % dims.slots;
    atomicOr(&seen, flags[(slot * dims.members + member) * dims.flag_words + i % dims.flag_words]);
  }
  var sum = 0.0;
  for (var i = lane; i < count * dims.tiles; i += LANES) {
    sum += loss(first + i / dims.tiles, member, i % dims.tiles);
  }
  sums[lane] = sum;
  // Wait until all lanes have looked through their flags and losses.
  workgroupBarrier();
  if (lane != 0u) {
    return;
  }
  kept[member].slot = NO_SLOT;
  if (kept[member].ended != 0u) {
    return;
  }
  if (atomicLoad(&seen) != 0u) {
    kept[member].ended = table[2];
    return;
  }
  var total = 0.0;
  for (var i = 0u; i < LANES; i++) {
    total += sums[i];
  }
  let weights = dims.weights + 2u * member;
  let mean = total / max(bitcast<f32>(table[weights]), dims.least);
  if (kept[member].best == 0.0) {
    var first_loss = 0.0;
    for (var tile = 0u; tile < dims.tiles; tile++) {
      first_loss += loss(first, member, tile);
    }
    first_loss /= max(bitcast<f32>(table[weights + 1u]), dims.least);
    if (is_finite(first_loss * dims.first)) {
      kept[member].floor = max(first_loss * dims.floor, dims.least);
      kept[member].best = max(first_loss * dims.first, kept[member].floor);
    }
  }
  let best = kept[member].best;
  if (best == 0.0 || !is_finite(mean)) {
    kept[member].good = 0u;
    return;
  }
  kept[member].best = max(min(best * (1.0 + dims.forget), mean), kept[member].floor);
  if (mean > dims.tolerance * best) {
    kept[member].good = 0u;
    return;
  }
  // States before a good window are good; those before a bad one may be spoiled, so they are overwritten.
  let newer = kept[member].newer;
  let slot = select(newer, 1u - newer, kept[member].good != 0u);
  kept[member].newer = slot;
  kept[member].steps[slot] = table[2];
  kept[member].good = 1u;
  kept[member].slot = slot;
}
