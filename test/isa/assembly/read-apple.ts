import { type Kind, kindOf, ListingWriter, type Reader } from './listing.js';

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(ffma|fmadd)$/, 'multiply-add'],
  [/^(fadd|fmul|fsub)$/, 'float'],
  [/^lload$/, 'shared load'],
  [/^lstore$/, 'shared store'],
  [/^load$/, 'load'],
  [/^store$/, 'store'],
  [/^stack_(load|store)$/, 'own'],
  [/^wait$/, 'wait'],
  [/^(jmp|while|if|else|pop_exec|push_exec|stop|call|ret)/, 'branch'],
  [/^(barrier|threadgroup_barrier|memory_barrier)/, 'barrier'],
  [/^(nop|trap)$/, 'hint'],
];

interface Line {
  readonly address: number;
  readonly op: string;
  readonly rest: string;
}

/** Returns the longest run of rising addresses: the others are preambles, which the driver prints beside the shader. */
function shaderOf(assembly: string): readonly Line[] {
  const runs: Line[][] = [[]];
  for (const [, address, op, rest] of assembly.matchAll(
    /^[^\S\n]*([0-9a-f]+): [0-9a-f]+[^\S\n]+(\S+)[^\S\n]*(.*)$/gm,
  )) {
    const line = { address: Number.parseInt(address, 16), op, rest };
    const last = runs[runs.length - 1].at(-1);
    if (last && line.address <= last.address) runs.push([]);
    runs[runs.length - 1].push(line);
  }
  return runs.reduce((longest, run) => (run.length > longest.length ? run : longest));
}

/** Reads what Mesa prints of Apple's chips with AGX_MESA_DEBUG=shaders: `1c: 3e05...  ffma.f32 r1, r2, r3, r1`. */
export const readApple: Reader = (assembly) => {
  const writer = new ListingWriter();
  for (const { address, op, rest } of shaderOf(assembly)) {
    const base = op.split('.')[0];
    const kind = kindOf(base, KINDS);
    writer.label(String(address));
    if (base.startsWith('jmp')) {
      const offset = /^-?\d+/.exec(rest)?.[0];
      writer.branch(op, offset && String(address + Number(offset)), true);
      continue;
    }
    const isMove = /^l?(load|store)$/.test(base);
    writer.add(kind ?? 'vector', op, {
      multiplyAdds: kind === 'multiply-add' ? 1 : 0,
      words: isMove ? (/\b([xyzw]{1,4})\b/.exec(rest)?.[1].length ?? 1) : 0,
      ends: op === 'stop',
    });
  }
  return writer.listing();
};
