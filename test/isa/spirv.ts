/** The facts in a SPIR-V module, whatever a driver makes of it. */
export interface ModuleFacts {
  /** Lanes of a workgroup. */
  readonly lanes: number;
  /** Bytes of workgroup memory, without padding. */
  readonly sharedBytes: number;
  /** Scalar additions of a product: what a compiler may fuse. */
  readonly multiplyAdds: number;
}

const OP = {
  executionMode: 16,
  int: 21,
  float: 22,
  vector: 23,
  matrix: 24,
  array: 28,
  struct: 30,
  pointer: 32,
  constant: 43,
  variable: 59,
  add: 129,
  subtract: 131,
  multiply: 133,
  scale: 142,
} as const;
const LOCAL_SIZE = 17;
const WORKGROUP = 4;
const HEADER_WORDS = 5;

/** Reads the words of a SPIR-V module. */
export function readSpirv(words: Uint32Array): ModuleFacts {
  const bytes = new Map<number, number>();
  const lengths = new Map<number, number>();
  const constants = new Map<number, number>();
  const pointees = new Map<number, number>();
  const products = new Set<number>();
  const bytesOf = (type: number) => bytes.get(type) ?? 4;
  let [lanes, sharedBytes, multiplyAdds] = [0, 0, 0];
  for (let at = HEADER_WORDS; at < words.length; ) {
    const count = words[at] >>> 16;
    const op = words[at] & 0xffff;
    const [a, b, c, d, e] = words.subarray(at + 1, at + count);
    if (op === OP.executionMode && b === LOCAL_SIZE) lanes = c * d * e;
    else if (op === OP.int || op === OP.float) bytes.set(a, b >>> 3);
    else if (op === OP.vector || op === OP.matrix) bytes.set(a, bytesOf(b) * c);
    else if (op === OP.constant) constants.set(b, c);
    else if (op === OP.array) bytes.set(a, bytesOf(b) * (constants.get(c) ?? 0));
    else if (op === OP.struct) {
      bytes.set(
        a,
        words.subarray(at + 2, at + count).reduce((sum, member) => sum + bytesOf(member), 0),
      );
    } else if (op === OP.pointer) pointees.set(a, c);
    else if (op === OP.variable && c === WORKGROUP) sharedBytes += bytesOf(pointees.get(a) ?? 0);
    else if (op === OP.multiply || op === OP.scale) products.add(b);
    else if ((op === OP.add || op === OP.subtract) && (products.has(c) || products.has(d))) {
      multiplyAdds += lengths.get(a) ?? 1;
    }
    if (op === OP.vector) lengths.set(a, c);
    at += Math.max(count, 1);
  }
  return { lanes, sharedBytes, multiplyAdds };
}
