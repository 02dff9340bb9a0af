// y = aᵀ · b, and with SUMS the column sums of b (the product with a row of ones)
// a [k, m], b [k, n], y [m, n], sums [1, n]; rows padded to quads of four columns
// one invocation: four rows by QUADS quads of y; the row of invocations past the last one makes the sums
// one accumulator an element, k ascending: the bits do not depend on the tile
const QUADS = ${quads}u;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let member = id.z;
  let row_quad = id.y;
  let row_quads = (dims.m + 3u) / 4u;
  let quad = id.x * QUADS;
  let quads = (dims.n + 3u) / 4u;
  if (quad >= quads) {
    return;
  }
  if (row_quad < row_quads) {
    var sum: array<array<vec4f, QUADS>, 4>;
    for (var k = 0u; k < dims.k; k++) {
      let a = a_load(a_row(member, k) + row_quad);
      let b_at = b_row(member, k);
      for (var q = 0u; q < QUADS; q++) {
        let b = b_load(b_at + min(quad + q, quads - 1u));
        for (var r = 0u; r < 4u; r++) {
          sum[r][q] += a[r] * b;
        }
      }
    }
    let row = row_quad * 4u;
    for (var r = 0u; r < min(4u, dims.m - row); r++) {
      for (var q = 0u; q < min(QUADS, quads - quad); q++) {
        store_y(Place(member, row + r, quad + q, quads), sum[r][q]);
      }
    }
  }
#if ${sums}
  if (row_quad == row_quads) {
    for (var q = 0u; q < min(QUADS, quads - quad); q++) {
      var sum = vec4f(0);
      for (var k = 0u; k < dims.k; k++) {
        sum += b_load(b_row(member, k) + quad + q);
      }
      store_sums(Place(member, 0u, quad + q, quads), sum);
    }
  }
#endif
}
