/**
 * The kind of an instruction. `own` is a lane's own memory: spills and arrays. A `hint` is not issued, or does nothing.
 */
export type Kind =
  | 'multiply-add'
  | 'float' // other additions and products of floats
  | 'vector'
  | 'scalar'
  | 'scalar load'
  | 'branch'
  | 'shared load'
  | 'shared store'
  | 'load'
  | 'store'
  | 'atomic'
  | 'own'
  | 'barrier'
  | 'wait'
  | 'hint'
  | 'other';

/** An instruction of a shader. */
export interface Instruction {
  readonly kind: Kind;
  readonly op: string;
  /** Multiply-adds of a lane. */
  readonly multiplyAdds: number;
  /** 32-bit words that a load or a store moves. */
  readonly words: number;
  /** The shader ends here. */
  readonly ends: boolean;
}

/** A jump, by indices of instructions; `falls`: the next instruction may follow, too. */
export interface Jump {
  readonly from: number;
  readonly to: number;
  readonly falls: boolean;
}

/** The assembly of a shader. */
export interface Listing {
  readonly instructions: readonly Instruction[];
  readonly jumps: readonly Jump[];
}

/** Reads an assembly as a compiler prints it. */
export type Reader = (assembly: string) => Listing;

/** Collects the instructions of a listing whose jumps name labels. */
export class ListingWriter {
  readonly #instructions: Instruction[] = [];
  readonly #labels = new Map<string, number>();
  readonly #jumps: { from: number; label: string; falls: boolean }[] = [];

  /** Names the next instruction. */
  label(name: string): void {
    this.#labels.set(name, this.#instructions.length);
  }

  add(kind: Kind, op: string, parts: Partial<Omit<Instruction, 'kind' | 'op'>> = {}): void {
    this.#instructions.push({ kind, op, multiplyAdds: 0, words: 0, ends: false, ...parts });
  }

  /** Adds a branch to a label; `falls`: it may also go on. */
  branch(op: string, label: string | undefined, falls: boolean): void {
    if (label !== undefined) this.#jumps.push({ from: this.#instructions.length, label, falls });
    this.add('branch', op);
  }

  /** Returns the listing, without the jumps to labels that are not there. */
  listing(): Listing {
    const count = this.#instructions.length;
    const jumps = this.#jumps.flatMap(({ from, label, falls }) => {
      const to = this.#labels.get(label);
      return to === undefined || to >= count ? [] : [{ from, to, falls }];
    });
    return { instructions: this.#instructions, jumps };
  }
}

/** Returns the first kind in `table` whose pattern matches an operation. */
export const kindOf = (op: string, table: readonly (readonly [RegExp, Kind])[]): Kind | undefined =>
  table.find(([pattern]) => pattern.test(op))?.[1];
