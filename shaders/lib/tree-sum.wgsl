// The sum of one value a lane, in a fixed tree: halves are added until one is left. The loop ends at a zero that compilers
// do not know, since drivers that unroll it take long to compile six barriers.
var<workgroup> partial_sums: array<${type}, ${lanes}>;

fn tree_sum(lane: u32, value: ${type}) -> ${type} {
  partial_sums[lane] = value;
  for (var half = ${lanes}u / 2u; half > dims.zero; half /= 2u) {
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
