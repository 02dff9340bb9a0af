// The sum of one value a lane, in a fixed tree: halves are added until one is left.
var<workgroup> partial_sums: array<f32, ${lanes}>;

fn tree_sum(lane: u32, value: f32) -> f32 {
  partial_sums[lane] = value;
  for (var half = ${lanes}u / 2u; half > 0u; half /= 2u) {
    // The level below is whole before it is read.
    workgroupBarrier();
    if (lane < half) {
      partial_sums[lane] += partial_sums[lane + half];
    }
  }
  // The root is there before everyone reads it,
  workgroupBarrier();
  let sum = partial_sums[0];
  // and read before the next tree overwrites it.
  workgroupBarrier();
  return sum;
}
