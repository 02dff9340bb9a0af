import { type Mutant, MutantList } from './mutant.js';

/** Returns a table in which the words of each pair replace each other. */
export const exchanging = (...pairs: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    pairs.flatMap((pair) => {
      const [one, other] = pair.split(' ');
      return [
        [one, other],
        [other, one],
      ];
    }),
  );

/** Replacements of a comparison: one moves its bound, one turns it around. */
export const COMPARISONS = { '<': ['<=', '>='], '>': ['>=', '<='], '<=': ['<', '>'], '>=': ['>', '<'] };

/** Replacements of each operator. */
const OPERATORS: Readonly<Record<string, string | readonly string[]>> = {
  ...exchanging('+ -', '* /', '== !=', '&& ||', '& |', '<< >>', '*= /='),
  ...COMPARISONS,
  '%': '/',
  '^': '|',
  '+=': ['-=', '='],
  '-=': '+=',
};
const SWAPPED: Readonly<Record<string, string>> = { ...exchanging('x y', 'z w'), xz: 'zx', xy: 'yx', yzwx: 'wxyz' };
const CALLS: Readonly<Record<string, string>> = {
  ...exchanging('min max'),
  abs: '',
  sqrt: '',
  transpose: '',
  any: 'all',
};

/** Every mutant of a WGSL text, in the order of the text. */
export function wgslMutants(file: string, source: string): Mutant[] {
  const text = blankNonCode(source);
  const list = new MutantList(file, source);
  mutateTokens(text, 0, list);
  calls(text, list);
  statements(text, list);
  return list.found.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Comments, `#if` lines, inserted parameters and attributes of bindings as spaces, so that places stay. */
function blankNonCode(text: string): string {
  const blank = (found: string) => ' '.repeat(found.length);
  return text
    .replace(/\/\/.*/g, blank)
    .replace(/^#.*$/gm, blank)
    .replace(/\$\{[^}]*\}u?/g, blank)
    .replace(/@(?:group|binding|builtin)\([^)]*\)/g, blank)
    .replace(/^(?:@|var<).*;$/gm, blank)
    .replace(/array<[^;]*>(?=[;,\s])/g, blank)
    .replace(/-> *\w+/g, blank)
    .replace(/vec4<bool>/g, blank);
}

/** Operators, numbers, components and indices; `offset` is the place of `text` in the file. */
export function mutateTokens(text: string, offset: number, list: MutantList): void {
  for (const { 0: operator, index } of text.matchAll(/(?<= )(?:[-+*/%<>=!&|^]{1,2}|<<|>>)(?= )/g)) {
    for (const other of [OPERATORS[operator] ?? []].flat()) {
      if (other === '=' && /\bfor \(.*$/.test(text.slice(0, index))) continue; // a loop without an end
      list.add('operator', offset + index, offset + index + operator.length, other);
    }
  }
  for (const { index } of text.matchAll(/\+\+|--/g)) {
    list.add('operator', offset + index, offset + index + 2, text[index] === '+' ? '--' : '++');
  }
  for (const { index } of text.matchAll(/(?<=[(,=] ?)-(?=[\w.])/g))
    list.add('operator', offset + index, offset + index + 1, '');
  for (const { 0: number, index } of text.matchAll(
    /(?<![\w.])(?:0x[0-9A-Fa-fp-]+u?|\d+\.\d+(?:e[+-]?\d+)?|\d+u?)(?![\w.])/g,
  )) {
    for (const other of numbers(number)) list.add('constant', offset + index, offset + index + number.length, other);
  }
  for (const { 0: dotted, index } of text.matchAll(/\.(?:[xyzw]|xz|xy|yzwx)\b/g)) {
    list.add('index', offset + index + 1, offset + index + dotted.length, SWAPPED[dotted.slice(1)]);
  }
  for (const { 1: name, index } of text.matchAll(/\[([a-z]\w*)\]/g)) {
    list.add('index', offset + index + 1, offset + index + 1 + name.length, `${name} ^ 1u`);
  }
}

/** A number's neighbours: the next integer towards 1 (of 0 and 1 both sides), twice a fraction. */
function numbers(number: string): string[] {
  if (/^0x.*p/.test(number)) return [number.replace(/p.*/, 'p-10')];
  if (number.startsWith('0x')) return [`0x${(Number.parseInt(number, 16) ^ 1).toString(16)}u`.replace('0x-', '0x')];
  if (/[.e]/.test(number)) return [Number(number) === 0 ? '1.0' : literal(2 * Number(number))];
  const [value, suffix] = [Number.parseInt(number, 10), number.endsWith('u') ? 'u' : ''];
  const others = value === 0 ? [1] : value === 1 ? [0, 2] : [value - 1];
  return others.map((other) => `${other}${suffix}`);
}

function literal(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Functions in the place of others, and arguments exchanged. */
function calls(text: string, list: MutantList): void {
  for (const { 0: call, 1: name, index } of text.matchAll(/(?<![\w.] ?fn )\b([A-Za-z]\w*)\(/g)) {
    if (/\bfn $/.test(text.slice(0, index))) continue;
    if (name in CALLS) list.add('operator', index, index + name.length, CALLS[name]);
    const given = argumentsOf(text, index + call.length);
    if (name === 'select' && given.length === 3) exchange(list, text, given[0], given[1]);
    if (/_(?:row|index)$/.test(name) && given.length === 2) exchange(list, text, given[0], given[1]);
    if (name === 'Place' && given.length === 4) exchange(list, text, given[1], given[2]);
    if (name === 'tile_row' && given.length === 5) exchange(list, text, given[1], given[2]);
  }
}

type Range = readonly [start: number, end: number];

function exchange(list: MutantList, text: string, a: Range, b: Range): void {
  list.add('argument', a[0], b[1], text.slice(...b) + text.slice(a[1], b[0]) + text.slice(...a));
}

/** Returns the places of a call's arguments; its parenthesis opens before `start`. */
function argumentsOf(text: string, start: number): Range[] {
  const ranges: Range[] = [];
  let [depth, from] = [0, start];
  for (let at = start; at < text.length; at++) {
    if (/[([]/.test(text[at])) depth++;
    else if (/[)\]]/.test(text[at]) && depth-- === 0) {
      ranges.push([from, at]);
      break;
    } else if (text[at] === ',' && depth === 0) {
      ranges.push([from, at]);
      from = at + 2;
    }
  }
  return ranges;
}

/** Lines that are one statement and declare nothing, deleted; conditions turned around. */
function statements(text: string, list: MutantList): void {
  for (const { 0: found, 1: space, 2: statement, index } of text.matchAll(/^( *)(\S.*;) *$/gm)) {
    if (/^(?:let|var|const|@|\})/.test(statement) || /^return\s/.test(statement)) continue;
    const kind = statement === 'workgroupBarrier();' ? 'barrier' : 'statement';
    if (found.length) list.add(kind, index + space.length, index + space.length + statement.length, '');
  }
  for (const { 0: found, 1: condition, index } of text.matchAll(/\bif \((.*)\) \{/g)) {
    if (found.length) list.add('condition', index + 4, index + 4 + condition.length, `!(${condition})`);
  }
}
