// The sum of one value a lane, in a fixed tree: halves are added until one is left, two levels a turn. Once a kernel. The loop
// ends at a zero that compilers do not know, since drivers that unroll it take long to compile its barriers.
var<workgroup> partial_sums: array<${type}, ${lanes}>;

fn tree_sum(lane: u32, value: ${type}) -> ${type} {
  partial_sums[lane] = value;
  for (var width = ${lanes}u / 4u; width > dims.zero; width /= 4u) {
    // Wait until all lanes have written the level below.
    workgroupBarrier();
    if (lane < width) {
      partial_sums[lane] = (partial_sums[lane] + partial_sums[lane + 2u * width])
        + (partial_sums[lane + width] + partial_sums[lane + 3u * width]);
    }
  }
  // Wait until lane 0 has written the root.
  workgroupBarrier();
  return partial_sums[0];
}
