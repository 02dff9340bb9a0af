import { type Kind, ListingWriter, type Reader } from './listing.js';

const BRANCH = /^(if|else|endif|break|while|brc|cont|halt|jmpi|brd|goto|join)$/;

/** A message to a unit beside the processor: memory, barriers. */
function messageKind(line: string): Kind {
  if (line.includes('scratch')) return 'own';
  const isLoad = line.includes('load');
  const isStore = line.includes('store');
  if (line.includes('slm')) return isLoad ? 'shared load' : isStore ? 'shared store' : 'barrier';
  if (/gateway|fence|barrier/.test(line)) return 'barrier';
  if (isLoad || /read/i.test(line)) return 'load';
  return isStore || /write/i.test(line) ? 'store' : 'other';
}

/** Reads what BRW prints, for Intel: `mad(16) g20<1>F ...`; what a message is stands in indented lines below it. */
export const readIntel: Reader = (assembly) => {
  const writer = new ListingWriter();
  const joined = assembly.replace(/\n {3,}(?=\S)/g, ' ');
  for (const line of joined.split('\n')) {
    const label = /^(LABEL\d+):/.exec(line);
    if (label) writer.label(label[1]);
    const parts = /^(?:\([^)]*\)\s*)?([a-z][a-z0-9_.]*(?: (?:nop|allwr|allrd|bar))?)\s*\((\d+)\)/.exec(line);
    if (label || !parts) continue;
    const [head, op, lanes] = parts;
    const base = op.split(/[. ]/)[0];
    if (BRANCH.test(base)) {
      const target = /^(endif|join)$/.test(base) ? undefined : /JIP:\s+(LABEL\d+)/.exec(line)?.[1];
      writer.branch(op, target, line.startsWith('(') || /^(break|if|while|cont|halt)$/.test(base));
      continue;
    }
    const isFloat = /^\S+<\d+>F\b/.test(line.slice(head.length).trim());
    const isMessage = base.startsWith('send');
    const multiplies = /^(mad|mac)$/.test(base) && isFloat;
    let kind: Kind = lanes === '1' ? 'scalar' : 'vector';
    if (multiplies) kind = 'multiply-add';
    else if (/^(mul|add)$/.test(base) && isFloat) kind = 'float';
    else if (/^(mad|mac)$/.test(base)) kind = 'vector';
    else if (isMessage) kind = messageKind(line);
    else if (/^(sync|nop)$/.test(base)) kind = 'wait';
    writer.add(kind, op, {
      multiplyAdds: multiplies ? 1 : 0,
      words: isMessage ? Number(/\bV(\d)\b/.exec(line)?.[1] ?? 1) : 0,
    });
  }
  return writer.listing();
};
