import { type Kind, kindOf, ListingWriter, type Reader } from './listing.js';

const MULTIPLY_ADD = /^v_(dual_)?(fma|fmac|fmaak|fmamk|mad|mac)_?\w*f32/;

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^v_.*(mul|add|sub)_(f32|legacy)/, 'float'],
  [/^v_/, 'vector'],
  [/^ds_.*(store|write)/, 'shared store'],
  [/^ds_/, 'shared load'],
  [/^scratch_/, 'own'],
  [/^(buffer|global|flat)_.*store/, 'store'],
  [/^(buffer|global|flat)_.*atomic/, 'atomic'],
  [/^(buffer|global|flat|image)_/, 'load'],
  [/^s_wait(cnt|_)/, 'wait'],
  [/^s_(delay_alu|nop|clause|inst_prefetch|set_inst_prefetch_distance|sleep)$/, 'hint'],
  [/^s_barrier/, 'barrier'],
  [/^s_(load|buffer_load)/, 'scalar load'],
  [/^s_/, 'scalar'],
];

/** The words of a load or store: its bits are in its name, and two-address forms move them twice. */
function wordsOf(op: string): number {
  const [, bits, dwords] = /b(\d+)|dwordx(\d)/.exec(op) ?? [];
  const one = bits !== undefined ? Math.floor(Number(bits) / 32) : Number(dwords ?? 1);
  return /^ds_.*(read2|load_2|write2|store_2)/.test(op) ? 2 * one : one;
}

/** Reads what ACO prints, for AMD. An instruction of RDNA 3 may be a pair: `v_dual_fmac_f32 ... :: v_dual_mul_f32 ...`. */
export const readAmd: Reader = (assembly) => {
  const writer = new ListingWriter();
  for (const line of assembly.split('\n')) {
    const label = /^(BB\d+):/.exec(line);
    if (label) writer.label(label[1]);
    const [, op, rest] = (!label && /^\s+([a-z_0-9]+)\b(.*)/.exec(line.split(';')[0])) || [];
    if (op === undefined) continue;
    if (/^s_c?branch/.test(op)) {
      writer.branch(op, /BB\d+/.exec(rest)?.[0], op !== 's_branch');
      continue;
    }
    const halves = [op, ...Array.from(rest.matchAll(/:: *(v_[a-z_0-9]+)/g), ([, second]) => second)];
    const multiplyAdds = op.includes('v_pk_fma_f32') ? 2 : halves.filter((half) => MULTIPLY_ADD.test(half)).length;
    const kind = multiplyAdds > 0 ? 'multiply-add' : (kindOf(op, KINDS) ?? 'other');
    const words = /^(ds|buffer|global|flat|scratch)_/.test(op) ? wordsOf(op) : 0;
    writer.add(kind, op, { multiplyAdds, words, ends: op === 's_endpgm' });
  }
  return writer.listing();
};
