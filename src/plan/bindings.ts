import { blockElements, type Storage, slotElements, type View, viewOffset } from './layout.js';

/** A buffer of a dispatch. */
export interface Binding {
  readonly name: string;
  /** A storage of the layout, or the words that collect the flags of non-finite numbers. */
  readonly storage: Storage | 'flags';
  readonly write: boolean;
}

/** One u32 of a dispatch's uniform. It may depend on the number of members that there is memory for. */
export interface Field {
  readonly name: string;
  value(capacity: number): number;
}

/** Collects the buffers that one shader binds, the views on them, and the numbers of its uniform. */
export class Bindings {
  /** WGSL of the accessors, in the order in which they were asked for. */
  readonly accessors: string[] = [];
  readonly #fields = new Map<string, Field>();
  readonly #buffers = new Map<Storage | 'flags', { name: string; write: boolean }>();
  readonly #views = new Map<View, string>();
  readonly #names = new Set<string>();
  /** Files of `shaders/lib/` that the shader needs. */
  readonly libraries = new Set<string>();

  get fields(): readonly Field[] {
    return [...this.#fields.values()];
  }

  get buffers(): readonly Binding[] {
    return [...this.#buffers].map(([storage, { name, write }]) => ({ name, storage, write }));
  }

  /** Adds a number to the uniform; returns the expression that reads it. */
  field(name: string, value: number | ((capacity: number) => number)): string {
    this.#fields.set(name, { name, value: typeof value === 'number' ? () => value : value });
    return `dims.${name}`;
  }

  /** Returns `preferred`, or `preferred2`, `preferred3`, ... if it is taken. */
  unique(preferred: string): string {
    let name = preferred;
    for (let i = 2; this.#names.has(name); i++) name = `${preferred}${i}`;
    this.#names.add(name);
    return name;
  }

  /** Returns the name of a view; if it has none, gives it one and writes the accessor of its rows. */
  view(view: View, preferred: string): string {
    const known = this.#views.get(view);
    if (known !== undefined) return known;
    const { storage } = view;
    const name = this.unique(preferred);
    this.#views.set(view, name);
    if (!this.#buffers.has(storage)) this.#buffers.set(storage, { name, write: false });
    const terms = [
      this.field(`${name}_offset`, () => viewOffset(view)),
      `member * ${this.field(`${name}_member`, () => (storage.perMember ? blockElements(storage) : 0))}`,
      `row * ${this.field(`${name}_stride`, storage.stride)}`,
    ];
    if (storage.slots > 1) {
      terms.push(`table[0] * ${this.field(`${name}_slot`, (capacity) => slotElements(storage, capacity))}`);
    }
    this.accessor(`${name}_row(member: u32, row: u32) -> u32`, terms.join(' + '));
    return name;
  }

  /** Adds a function of one expression. */
  accessor(signature: string, value: string): void {
    this.accessors.push(`fn ${signature} {\n  return ${value};\n}`);
  }

  /** Returns an expression for four columns (or an index) of a view at a place of its buffer. */
  load({ storage }: View, at: string): string {
    const element = `${this.#buffers.get(storage)?.name}[${at}]`;
    if (storage.format !== 'u8') return element;
    this.libraries.add('unpack-u8');
    return `unpack_u8(${element})`;
  }

  /** Returns the left side of a store. */
  target({ storage }: View, at: string): string {
    const buffer = this.#buffers.get(storage);
    if (buffer) buffer.write = true;
    return `${buffer?.name}[${at}]`;
  }

  /** Binds the flags of non-finite numbers. */
  flags(words: () => number): void {
    this.libraries.add('flag');
    this.#buffers.set('flags', { name: 'flags', write: true });
    this.field('flags_member', words);
    this.field('flags_slot', (capacity) => capacity * words());
  }
}
