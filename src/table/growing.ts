const BITS = 16;
/** Numbers of a piece, all but the first one while it is short. */
const PIECE = 2 ** BITS;
const FIRST = 256;

type Numbers = Uint32Array | Float64Array;

/**
 * A list of numbers that grows piece by piece: a list of millions is never copied for one more, as an array is that doubles.
 */
export class Growing<Piece extends Numbers> {
  readonly #make: new (
    length: number,
  ) => Piece;
  #pieces: Piece[] = [];
  #length = 0;
  /** All numbers in one array, of which the pieces are parts. */
  #whole: Piece | undefined;

  constructor(make: new (length: number) => Piece) {
    this.#make = make;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const at = this.#length++ % PIECE;
    if (at === 0) this.#pieces.push(new this.#make(this.#pieces.length === 0 ? FIRST : PIECE));
    const last = this.#pieces.length - 1;
    let piece = this.#pieces[last];
    if (at === piece.length) {
      piece = new this.#make(Math.min(2 * at, PIECE));
      piece.set(this.#pieces[last]);
      this.#pieces[last] = piece;
    }
    piece[at] = value;
    this.#whole = undefined;
  }

  at(index: number): number {
    return this.#pieces[index >>> BITS][index % PIECE];
  }

  /** Returns all numbers in one array, which takes the place of the pieces. */
  whole(): Piece {
    if (this.#whole) return this.#whole;
    const whole = new this.#make(this.#length);
    for (const [i, piece] of this.#pieces.entries()) {
      const start = i * PIECE;
      whole.set(piece.subarray(0, this.#length - start), start);
    }
    this.#pieces = this.#pieces.map((_, i) => whole.subarray(i * PIECE, (i + 1) * PIECE) as Piece);
    this.#whole = whole;
    return whole;
  }
}
