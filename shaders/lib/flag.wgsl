// Sets a bit of the flags of this step.
fn set_flag(member: u32, bit: u32) {
  let at = table[0] * dims.flags_slot + member * dims.flags_member;
  atomicOr(&flags[at + bit / 32u], 1u << (bit % 32u));
}

// Sets a bit if a value is not finite, judged by its exponent: comparisons with NaN cannot be trusted.
fn flag(member: u32, bit: u32, value: vec4f) {
  let exponent = bitcast<vec4u>(value) & vec4u(0x7F800000u);
  if (any(exponent == vec4u(0x7F800000u))) {
    set_flag(member, bit);
  }
}
