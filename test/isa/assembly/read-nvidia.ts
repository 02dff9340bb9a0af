import { type Kind, kindOf, ListingWriter, type Reader } from './listing.js';

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^(ffma|fmad)\b/, 'multiply-add'],
  [/^(fmul|fadd)\b/, 'float'],
  [/^ld\.shared/, 'shared load'],
  [/^st\.shared/, 'shared store'],
  [/^(ld|st)\.local/, 'own'],
  [/^ld\./, 'load'],
  [/^st\./, 'store'],
  [/^(atom|red)\b/, 'atomic'],
  [/^(nop|bclear|bssy|bsync|bmov)\b/, 'hint'],
  [/^(bar|membar)\b/, 'barrier'],
  [/^(bra|exit|brk|warpsync)\b/, 'branch'],
];

/** Reads what NAK prints, for NVIDIA: `@p0 r1 = ffma r2 r3 r1 // comment`. */
export const readNvidia: Reader = (assembly) => {
  const writer = new ListingWriter();
  for (const line of assembly.split('\n')) {
    const label = /^block(?:\.u)? \d+ (L\d+)/.exec(line);
    if (label) writer.label(label[1]);
    const body = line.split('//')[0].trim();
    const parts = !label && !body.startsWith('}') && /^(@!?\S+\s+)?(?:(.*?)\s+=\s+)?([a-z0-9_.A-Z]+)(.*)$/.exec(body);
    if (!parts) continue;
    const [, predicate, destination = '', op, rest] = parts;
    const kind = kindOf(op, KINDS);
    if (kind === 'branch' && !op.startsWith('exit')) {
      const target = /L\d+/.exec(rest)?.[0];
      const falls = predicate !== undefined || rest.split('L')[0].includes('!') || /\bu?p\d/.test(rest);
      writer.branch(op, target, falls);
      continue;
    }
    const isUniform = /^(ur|up)\d/.test(destination) || op.startsWith('r2ur');
    const bits = /\.b(\d+)/.exec(op)?.[1];
    const isMove = /^(ld|st)\./.test(op) && kind !== 'own';
    writer.add(kind ?? (isUniform ? 'scalar' : 'vector'), op, {
      multiplyAdds: kind === 'multiply-add' ? 1 : 0,
      words: isMove ? (bits === undefined ? 1 : Math.floor(Number(bits) / 32)) : 0,
      ends: op === 'exit' && predicate === undefined,
    });
  }
  return writer.listing();
};
