/** A JSON text in which an object has a key twice; `JSON.parse` keeps the last of them in silence. */
export class DuplicateKey extends SyntaxError {
  readonly key: string;

  constructor(key: string) {
    super(`an object has two entries '${key}'`);
    this.key = key;
  }
}

/** Returns what a JSON text holds. @throws SyntaxError if it is no JSON, DuplicateKey if an object has a key twice */
export function parseJson(text: string, reviver?: (key: string, value: unknown) => unknown): unknown {
  const value: unknown = JSON.parse(text, reviver);
  const key = duplicateKey(text);
  if (key !== undefined) throw new DuplicateKey(key);
  return value;
}

/** Returns a key that an object has twice in a text that `JSON.parse` has accepted, or nothing if there is none. */
function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  let word = '';
  for (let at = 0; at < json.length; at++) {
    const char = json[at];
    if (char === '"') {
      const start = at++;
      while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
      word = json.slice(start, at + 1);
    } else if (char === '{' || char === '[') {
      open.push(new Set());
    } else if (char === '}' || char === ']') {
      open.pop();
    } else if (char === ':') {
      const key: string = JSON.parse(word);
      const keys = open[open.length - 1];
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** For `JSON.stringify`: returns numbers that JSON does not have as the strings that stand for them. */
export const withNonFinite = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value;

const NON_FINITE = new Map<unknown, number>(
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => [String(value), value]),
);

/** For `JSON.parse`: returns the numbers that `withNonFinite` wrote as strings. */
export const readNonFinite = (_: string, value: unknown) => NON_FINITE.get(value) ?? value;
