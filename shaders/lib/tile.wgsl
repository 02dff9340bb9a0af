// Row `row` of a tile of four. Tiles are named values, never arrays: an array that is indexed at run time lies in memory on
// drivers that do not unroll loops (SwiftShader: ten times slower).
fn tile_row(row: u32, row0: vec4f, row1: vec4f, row2: vec4f, row3: vec4f) -> vec4f {
  return select(select(row0, row1, row == 1u), select(row2, row3, row == 3u), row >= 2u);
}
