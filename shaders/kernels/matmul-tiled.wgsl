// y = a · b, where a or b may be read transposed, and with SUMS the column sums of b
// a [m, k] or [k, m], b [k, n] or [n, k], y [m, n], sums [1, n]; rows padded to quads of four columns
// one workgroup: TILE by TILE of y from tiles of a and b in workgroup memory, or sums; one lane: ROWS by QUADS quads of y
// one accumulator an element, k ascending; steps past the last one add 0 to it: the bits do not depend on the tile
// cost: multiply-adds in % of issued instructions, staging included, of the worst of nn, nt, tn and tn with sums, by Mesa 26.1.6 on
// 2026-11-30, whatever rides on y: RDNA 2 and 3, GA102, Adreno 730, M1. No spills, no sums in memory. Intel spills from 32 sums on.
//   16: 50, 42, 64, 36    32: 68, 63, 74, 54    64: 72, 76, 87, 64    128: 81, 84, 89, 75
const TRANSPOSE_A = ${transposeA};
const TRANSPOSE_B = ${transposeB};
const TILE = ${tile}u;
const DEPTH = ${depth}u; // steps of k in a tile
const ROWS = ${rows}u;
const QUADS = ${quads}u;
const AHEAD = ${ahead}; // the next tiles are fetched before these are multiplied: hides the wait for them, takes registers
const WIDTH = TILE / 4u;
const BLOCKS = DEPTH / 4u;
const ACROSS = WIDTH / QUADS;
const DOWN = TILE / ROWS;
const LANES = ACROSS * DOWN;
const PIECES = DEPTH * WIDTH / LANES; // quads of a tile that a lane fetches
const PIECE_STEPS = LANES / WIDTH; // from one piece to the next, where rows of the operand are steps of k
const PIECE_ROWS = LANES / BLOCKS; // and where they are rows or columns of y
// A lane that makes one row needs four steps of it at once: lanes fetch 4 by 4 and turn them when they stage. Takes four pieces.
const TURN_A = TRANSPOSE_A && ROWS == 1u;
const A_FIRST = select(1u, 4u, TURN_A); // steps from a lane's first piece of a to the next lane's
const A_STEPS = select(PIECE_STEPS, 1u, TURN_A); // from one piece to the next

// If rows of the operand are steps of k, and are not turned: [quad of rows or columns][step]. Otherwise a place holds four steps:
// [group of rows or columns][first step + row in the group]; lanes turn those of b in registers, where it costs nothing.
// The place too many in a line keeps lanes that read or write together on different banks. Where a is turned, b lies in segments
// of steps, one below the other: M1 keeps constant addresses in registers, and beside Adam it has none left for 64 of them.
const GROUP = min(ROWS, 4u);
const SEGMENT = select(DEPTH, 16u, TURN_A);
var<workgroup> a_tile: array<array<vec4f, BLOCKS * GROUP + 1u>, TILE / GROUP>;
var<workgroup> b_tile: array<array<vec4f, SEGMENT + 1u>, DEPTH / SEGMENT * WIDTH>;

// The quads of the next tiles that a lane fetches, and their places in memory.
struct Pieces {
  a: array<vec4f, PIECES>,
  b: array<vec4f, PIECES>,
  a_at: array<u32, PIECES>,
  b_at: array<u32, PIECES>,
}

fn first_pieces(member: u32, first_row: u32, first_column: u32, index: u32) -> Pieces {
  var pieces: Pieces;
  for (var p = 0u; p < PIECES; p++) {
    let step = index / WIDTH + p * PIECE_STEPS;
    let row = index / BLOCKS + p * PIECE_ROWS;
    // Rows and columns past the last one repeat it, and are not stored.
    if (TRANSPOSE_A) {
      pieces.a_at[p] = a_row(member, index / WIDTH * A_FIRST + p * A_STEPS) + min(first_row / 4u + index % WIDTH, (dims.m - 1u) / 4u);
    } else {
      pieces.a_at[p] = a_row(member, min(first_row + row, dims.m - 1u)) + index % BLOCKS;
    }
    if (TRANSPOSE_B) {
      pieces.b_at[p] = b_row(member, min(first_column + row, dims.n - 1u)) + index % BLOCKS;
    } else {
      pieces.b_at[p] = b_row(member, step) + min(first_column / 4u + index % WIDTH, (dims.n - 1u) / 4u);
    }
  }
  return pieces;
}

// Fetches the pieces of the tiles that begin at step k.
fn fetch(pieces: ptr<function, Pieces>, k: u32, index: u32) {
  let a_turn = select(BLOCKS, DEPTH * (a_row(0u, 1u) - a_row(0u, 0u)), TRANSPOSE_A);
  let b_turn = select(DEPTH * (b_row(0u, 1u) - b_row(0u, 0u)), BLOCKS, TRANSPOSE_B);
  for (var p = 0u; p < PIECES; p++) {
    pieces.a[p] = a_load(pieces.a_at[p]);
    pieces.b[p] = b_load(pieces.b_at[p]);
    pieces.a_at[p] += a_turn;
    pieces.b_at[p] += b_turn;
    if (!(k + DEPTH <= dims.k)) {
      // Steps past the last one are 0.
      let a_step = k + index / WIDTH * A_FIRST + p * A_STEPS;
      let b_step = k + index / WIDTH + p * PIECE_STEPS;
      let steps = k + index % BLOCKS * 4u;
      pieces.a[p] = select(vec4f(0), pieces.a[p], select(steps, a_step, TRANSPOSE_A) < dims.k);
      pieces.b[p] = select(vec4f(0), pieces.b[p], select(b_step, steps, TRANSPOSE_B) < dims.k);
    }
  }
}

// Writes the pieces into the tiles.
fn stage(pieces: ptr<function, Pieces>, index: u32) {
  let step = index / WIDTH;
  let row = index / BLOCKS;
  let block = index % BLOCKS;
  for (var p = 0u; p < PIECES; p++) {
    if (TURN_A) {
      var turned: vec4f;
      for (var j = 0u; j < PIECES; j++) {
        turned[j] = pieces.a[j][p];
      }
      a_tile[index % WIDTH * 4u + p][step] = turned;
    } else if (TRANSPOSE_A) {
      a_tile[index % WIDTH][step + p * PIECE_STEPS] = pieces.a[p];
    } else {
      a_tile[row / GROUP + p * (PIECE_ROWS / GROUP)][block * GROUP + row % GROUP] = pieces.a[p];
    }
    if (TRANSPOSE_B) {
      b_tile[row / 4u + p * (PIECE_ROWS / 4u)][block * 4u + row % 4u] = pieces.b[p];
    } else {
      b_tile[index % WIDTH + p * PIECE_STEPS / SEGMENT * WIDTH][step + p * PIECE_STEPS % SEGMENT] = pieces.b[p];
    }
  }
}

@compute @workgroup_size(ACROSS, DOWN)
fn main(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(local_invocation_index) index: u32,
  @builtin(workgroup_id) tile: vec3u,
) {
  let member = tile.z;
  let quads = (dims.n + 3u) / 4u;
#if ${sums}
  // The first row of workgroups makes the sums.
  if (tile.y == 0u) {
    let quad = tile.x * LANES + index;
    if (quad < quads) {
      store_sums(Place(member, 0u, quad, quads), column_sum(member, quad));
    }
    return;
  }
  let first_row = (tile.y - 1u) * TILE;
#else
  let first_row = tile.y * TILE;
#endif
  let first_quad = tile.x * WIDTH;
  var pieces = first_pieces(member, first_row, first_quad * 4u, index);
  fetch(&pieces, 0u, index);
  stage(&pieces, index);
  // Wait until all lanes have written their part of the tiles.
  workgroupBarrier();
  var sum: array<array<vec4f, QUADS>, ROWS>;
  let turns = (dims.k + DEPTH - 1u) / DEPTH;
  // The end is a constant, and the break leaves earlier: Tint counts along in loops whose end it does not know.
  for (var turn = 0u; turn < 0xffffffffu; turn++) {
    if (turn >= turns) {
      break;
    }
    if (AHEAD) {
      fetch(&pieces, (turn + 1u) * DEPTH, index);
    }
    for (var l = 0u; l < BLOCKS; l++) {
      var right: array<mat4x4f, QUADS>;
      for (var q = 0u; q < QUADS; q++) {
        for (var j = 0u; j < 4u; j++) {
          if (TURN_A) {
            // With + in place of | compilers would add up constants, and there would be 64 of them.
            right[q][j] = b_tile[lane.x | (l * 4u / SEGMENT * WIDTH)][l * 4u % SEGMENT + j];
          } else {
            right[q][j] = b_tile[lane.x + q * ACROSS][l * 4u + j];
          }
        }
        if (TRANSPOSE_B) {
          right[q] = transpose(right[q]);
        }
      }
      for (var r = 0u; r < ROWS / GROUP; r++) {
        for (var j = 0u; j < GROUP; j++) {
          let left = a_tile[lane.y + r * DOWN][l * GROUP + j];
          for (var q = 0u; q < QUADS; q++) {
            for (var i = 0u; i < 4u; i++) {
              if (TRANSPOSE_A && !TURN_A) {
                sum[r * GROUP + i][q] += left[i] * right[q][j];
              } else {
                sum[r * GROUP + j][q] += left[i] * right[q][i];
              }
            }
          }
        }
      }
    }
    if (!AHEAD) {
      fetch(&pieces, (turn + 1u) * DEPTH, index);
    }
    // Wait until all lanes have read the tiles.
    workgroupBarrier();
    stage(&pieces, index);
    // Wait until all lanes have written their part of the next ones.
    workgroupBarrier();
  }
  for (var q = 0u; q < QUADS; q++) {
    let quad = first_quad + lane.x + q * ACROSS;
    for (var r = 0u; r < ROWS; r++) {
      // Picked with constant indices: an array that is indexed at run time lies in memory.
      var picked = vec4f(0);
      for (var i = 0u; i < ROWS; i++) {
        picked = select(picked, select(sum[i][0], sum[i][QUADS - 1u], q == 1u), i == r);
      }
      let row = first_row + (r / GROUP * DOWN + lane.y) * GROUP + r % GROUP;
      if (row < dims.m && quad < quads) {
        store_y(Place(member, row, quad, quads), picked);
      }
    }
  }
}
#if ${sums}

// Sixteen rows are fetched at a time: one alone would wait for the memory at each step.
fn column_sum(member: u32, quad: u32) -> vec4f {
  let b_step = b_row(member, 1u) - b_row(member, 0u);
  var b_at = b_row(member, 0u) + quad;
  var sum = vec4f(0);
  for (var k = 0u; k < dims.k; k += 16u) {
    var b: array<vec4f, 16>;
    for (var j = 0u; j < 16u; j++) {
      b[j] = select(vec4f(0), b_load(b_at + j * b_step), k + j < dims.k);
    }
    for (var j = 0u; j < 16u; j++) {
      sum += b[j];
    }
    b_at += 16u * b_step;
  }
  return sum;
}
#endif
