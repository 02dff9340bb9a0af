/**
 * Returns a key that an object in `json` has twice, or nothing if there is none. `JSON.parse` keeps the last of them
 * in silence.
 * @param json a text that `JSON.parse` has accepted
 */
export function duplicateKey(json: string): string | undefined {
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
