import { type Kind, kindOf, ListingWriter, type Reader } from './listing.js';

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^mad\.f32/, 'multiply-add'],
  [/^(mul|add)\.f/, 'float'],
  [/^ldl/, 'shared load'],
  [/^stl/, 'shared store'],
  [/^(isam|ldib|ldg|resinfo)/, 'load'],
  [/^(stib|stg)/, 'store'],
  [/^(ldp|stp)/, 'own'],
  [/^ldc/, 'scalar'],
  [/^nop$/, 'hint'],
  [/^(bar|fence)/, 'barrier'],
  [/^(br|jump|getone|shps|shpe|predt|predf|prede|end|bany|ball)/, 'branch'],
];

/** Flags before an operation: its waits, and how often it is repeated. */
const FLAGS = /^(\((?:ss|sy|jp|ul|eq|rpt\d|nop\d|sat|last)\)|\s)+/;

function wordsOf(kind: Kind | undefined, op: string, body: string): number {
  if (kind === 'shared load' || kind === 'shared store') return Number(body.trimEnd().split(',').at(-1));
  if (kind === 'load') return /\(([xyzw]+)\)/.exec(body)?.[1].length ?? 1;
  if (kind === 'store') return op.includes('.4.') || body.includes(', 4') ? 4 : 1;
  return 0;
}

/** The scalar unit writes the shared registers, r48 to r55, and the uniform predicates. */
function isScalar(body: string): boolean {
  const [, register, predicate] = /\b(?:h?r(\d+)\.|(up\d))/.exec(body) ?? [];
  return predicate !== undefined || (Number(register) >= 48 && Number(register) <= 55);
}

/** Reads what IR3 prints, for Qualcomm: `(rpt3)mad.f32 ...` is four instructions, `(nop2)` waits as two nops do. */
export const readQualcomm: Reader = (assembly) => {
  const writer = new ListingWriter();
  for (const line of assembly.split('\n')) {
    const label = /^(l\d+):/.exec(line);
    if (label) writer.label(label[1]);
    const body = line.replace(FLAGS, '');
    const op = /^[a-z0-9_.]+/.exec(body)?.[0];
    if (label || /^[;@]/.test(line) || op === undefined) continue;
    const flags = line.split(' r')[0];
    const total = (flag: string) =>
      Array.from(flags.matchAll(new RegExp(`\\(${flag}(\\d+)\\)`, 'g')), ([, count]) => Number(count)).reduce(
        (sum, count) => sum + count,
        0,
      );
    const found = kindOf(op, KINDS);
    const times = 1 + total('rpt');
    for (let i = 0; i < times; i++) {
      if (found === 'branch' && op !== 'end') {
        writer.branch(op, /#(l\d+)/.exec(body)?.[1], op !== 'jump');
        continue;
      }
      writer.add(found ?? (isScalar(body) ? 'scalar' : 'vector'), op, {
        multiplyAdds: found === 'multiply-add' ? 1 : 0,
        words: wordsOf(found, op, body),
        ends: op === 'end',
      });
    }
    for (let i = 0; i < total('nop'); i++) writer.add('hint', 'nop');
  }
  return writer.listing();
};
