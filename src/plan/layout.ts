import { type DType, leafName, stateOp, type Tensor } from '../ops/index.js';

/** The use of a piece of memory, which decides who owns it and when it is cleared. */
export type StorageKind = 'state' | 'input' | 'activation' | 'ring' | 'output';

/** A piece of memory that is bound as a whole: one block a member, or one block for all of them. */
export interface Storage {
  readonly name: string;
  readonly kind: StorageKind;
  readonly format: DType;
  /** Elements from one row to the next: quads of four columns (f32, u8), or single values (u32). */
  readonly stride: number;
  /** Rows of one member's block, guard rows not counted. */
  rows: number;
  /** Guard rows before and after each member's block; under test they hold sentinels. */
  readonly guards: number;
  /** False: all members share one block. */
  readonly perMember: boolean;
  /** Blocks of one member, one after another in time; 1 but for a ring. */
  readonly slots: number;
}

/** The place of a tensor: a run of rows in a storage. */
export interface View {
  readonly storage: Storage;
  readonly row: number;
}

/** Bytes of one element: a quad of f32, a quad of u8, a u32. */
export function elementBytes({ format }: Storage): number {
  return format === 'f32' ? 16 : 4;
}

/** Elements of one member's block, with its guard rows. */
export function blockElements({ rows, guards, stride }: Storage): number {
  return (rows + 2 * guards) * stride;
}

/** Elements from one slot of a ring to the next, for `members` members. */
export function slotElements(storage: Storage, members: number): number {
  return blockElements(storage) * (storage.perMember ? members : 1);
}

/** Bytes of a whole storage for `members` members. */
export function storageBytes(storage: Storage, members: number): number {
  return slotElements(storage, members) * storage.slots * elementBytes(storage);
}

/** Elements before a view's first row in the first member's block. */
export function viewOffset({ storage, row }: View): number {
  return (storage.guards + row) * storage.stride;
}

/** Options of `Layout`. */
export interface LayoutOptions {
  /** Guard rows around every member's block. Default 0; tests use 1. */
  guards?: number | undefined;
  /** Steps whose metrics the ring holds. Default 1. */
  ringSlots?: number | undefined;
}

/**
 * The memory of a model, shared by all its plans. Rows are padded to quads of four columns; a bias lies as the row after
 * its weights, and so do their optimiser states, so that a layer's parameters are one binding.
 */
export class Layout {
  readonly #views = new Map<Tensor, View>();
  readonly #rings = new Map<string, Map<Tensor, View>>();
  readonly #storages = new Map<string, Storage>();
  readonly #numbers = new Map<Tensor, number>();
  readonly #options: LayoutOptions;

  constructor(options: LayoutOptions = {}) {
    this.#options = options;
  }

  /** Every storage that has been placed. */
  get storages(): readonly Storage[] {
    return [...this.#storages.values()];
  }

  /** Returns the name of a tensor in plans and messages: a leaf's own, or its op and its number in this layout. */
  nameOf(tensor: Tensor): string {
    const number = this.#numbers.get(tensor) ?? this.#numbers.size;
    const leaf = leafName(tensor);
    if (leaf === undefined) this.#numbers.set(tensor, number);
    return leaf ?? `${tensor.op.name}%${number}`;
  }

  /** Takes an input out of the layout; returns its storage, if it had one of its own. */
  forget(tensor: Tensor): Storage | undefined {
    const view = this.#views.get(tensor);
    if (view?.storage.kind !== 'input') return undefined;
    this.#views.delete(tensor);
    this.#storages.delete(view.storage.name);
    return view.storage;
  }

  /** Returns the place of a tensor that has been placed. */
  find(tensor: Tensor): View | undefined {
    return this.#views.get(tensor);
  }

  /** Returns the place of a leaf or a result, and gives it one if it has none. `kind` is that of a result. */
  place(tensor: Tensor, kind: 'activation' | 'ring' | 'output' = 'activation', ringName = 'ring'): View {
    const views = kind === 'ring' ? this.#ringViews(ringName) : this.#views;
    const known = views.get(tensor);
    if (known) return known;
    const view = tensor.op === stateOp ? this.#placeState(tensor) : this.#placeOther(tensor, kind, ringName);
    views.set(tensor, view);
    return view;
  }

  /** Metrics by their ring: two programs may have one metric, each in a ring of its own. */
  #ringViews(name: string): Map<Tensor, View> {
    const views = this.#rings.get(name) ?? new Map<Tensor, View>();
    this.#rings.set(name, views);
    return views;
  }

  #placeState(tensor: Tensor): View {
    const name = String(tensor.attributes.under ?? leafName(tensor));
    const storage = this.#storages.get(name);
    if (!storage) return { storage: this.#storage(name, 'state', tensor, tensor.rows), row: 0 };
    const row = storage.rows;
    storage.rows += tensor.rows;
    return { storage, row };
  }

  #placeOther(tensor: Tensor, kind: 'activation' | 'ring' | 'output', ringName: string): View {
    const name = this.nameOf(tensor);
    const ownKind = leafName(tensor) === undefined ? kind : 'input';
    if (ownKind !== 'ring') return { storage: this.#storage(name, ownKind, tensor, tensor.rows), row: 0 };
    const ring = this.#storages.get(ringName) ?? this.#storage(ringName, 'ring', tensor, 0);
    const row = ring.rows;
    ring.rows += tensor.rows;
    return { storage: ring, row };
  }

  #storage(name: string, kind: StorageKind, { cols, dtype, attributes }: Tensor, rows: number): Storage {
    const { guards = 0, ringSlots = 1 } = this.#options;
    if (dtype === 'u32' && cols !== 1)
      throw new Error(`plan: ${name} is u32 with ${cols} columns; indices are [rows, 1]`);
    const storage: Storage = {
      name,
      kind,
      format: dtype,
      stride: dtype === 'u32' ? 1 : Math.ceil(cols / 4),
      rows,
      guards,
      perMember: kind !== 'input' || attributes.perMember === true,
      slots: kind === 'ring' ? ringSlots : 1,
    };
    this.#storages.set(name, storage);
    return storage;
  }
}
