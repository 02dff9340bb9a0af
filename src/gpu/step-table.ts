import type { HostContext, Scalars } from '../graph/step.js';
import { leafName } from '../ops/leaves.js';
import type { Tensor } from '../ops/tensor.js';
import type { Plan } from '../plan/plan.js';
import { TABLE_HEADER } from '../plan/shader-writer.js';

/** Every binding with a dynamic offset is aligned so. */
const ALIGNMENT = 256;

/** The words of the steps: one row a step, with every member's scalars, written once a submit. */
export class StepTable {
  /** Bytes of one row, aligned. */
  readonly rowBytes: number;
  /** Bytes of a row that are bound. */
  readonly boundBytes: number;
  readonly #scalars: readonly {
    host: (context: HostContext) => readonly number[];
    slot: number;
    float: boolean;
    name: string;
  }[];
  readonly #words: number;

  constructor({ scalars, words }: Pick<Plan, 'scalars' | 'words'>, hosts: Scalars, members: number) {
    this.#words = words;
    this.#scalars = [...scalars].map(([leaf, slot]) => ({
      host: hostOf(leaf, hosts),
      slot,
      float: leaf.dtype === 'f32',
      name: leafName(leaf) ?? '',
    }));
    this.boundBytes = (TABLE_HEADER + members * words) * 4;
    this.rowBytes = Math.ceil(this.boundBytes / ALIGNMENT) * ALIGNMENT;
  }

  /** Writes a step's words to row `row` of `table`; `slot` is the step's place in the ring. */
  fill(table: ArrayBuffer, row: number, slot: number, contexts: readonly HostContext[]): void {
    const at = row * this.rowBytes;
    const uints = new Uint32Array(table, at, this.boundBytes / 4);
    const floats = new Float32Array(table, at, this.boundBytes / 4);
    uints[0] = slot;
    contexts.forEach((context, member) => {
      const base = TABLE_HEADER + member * this.#words;
      for (const { host, slot: word, float } of this.#scalars) (float ? floats : uints).set(host(context), base + word);
    });
  }
}

function hostOf(leaf: Tensor, hosts: Scalars): (context: HostContext) => readonly number[] {
  const host = hosts.get(leaf);
  if (!host) throw new Error(`step: ${leafName(leaf)} has no host function`);
  return host;
}
