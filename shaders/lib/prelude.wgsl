struct Dims {
${fields}
}

// The place of four columns in a member's result; quads is the width of its rows.
struct Place {
  member: u32,
  row: u32,
  quad: u32,
  quads: u32,
}

@group(0) @binding(0) var<storage, read> table: array<u32>;
@group(1) @binding(0) var<uniform> dims: Dims;
${buffers}

// Returns the place in the step table of a member's word.
fn words_at(member: u32, slot: u32) -> u32 {
  return ${header}u + member * dims.words + slot;
}
