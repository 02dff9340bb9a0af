import { expect, test } from 'vitest';
import { render } from '../../src/plan/render.js';

const branches = `a

#if \${first}
one
#elif \${second}
two
#else
three
#endif

b
`;

test.each([
  ['text without parameters', 'fn main() {}\n', {}, 'fn main() {}\n'],
  ['a number', 'const TILE = ${tile}u;', { tile: 16 }, 'const TILE = 16u;'],
  ['a flag', 'const FLAG = ${flag};', { flag: false }, 'const FLAG = false;'],
  ['a name used twice', '${a}+${a}', { a: 2 }, '2+2'],
  ['neighbours', '${a}${b}', { a: 1, b: 'x' }, '1x'],
  ['text is inserted as it is', '${body}', { body: '#if ${no} $& \\n' }, '#if ${no} $& \\n'],
  ['the first branch', branches, { first: true, second: true }, 'a\n\none\n\nb\n'],
  ['the second branch', branches, { first: false, second: 1 }, 'a\n\ntwo\n\nb\n'],
  ['the last branch', branches, { first: 0, second: '' }, 'a\n\nthree\n\nb\n'],
  ['a branch inside a branch', '#if ${a}\n#if ${b}\nx\n#endif\n#endif\ny', { a: true, b: true }, 'x\n\ny'],
  ['no empty line at the start', '#if ${a}\nx\n#endif\n\n\ny\n', { a: false }, 'y\n'],
  ['other directives stay', '#foo ${a}', { a: 1 }, '#foo 1'],
])('%s', (_, text, parameters, expected) => {
  expect(render('x', text, parameters)).toBe(expected);
});

test.each([
  [
    '${tile} ${bias}',
    { tile: 1, biass: 2 },
    "shader x: the text uses ${bias}, which is not given, did you mean 'biass'?",
  ],
  ['${a.b}', {}, 'shader x: the text uses ${a.b}, which is not given'],
  ['${toString}', {}, 'shader x: the text uses ${toString}, which is not given'],
  ['${tile}', { tile: 1, tyle: 2 }, "shader x: parameter tyle is not used in the text, did you mean 'tile'?"],
  ['', { tile: 1 }, 'shader x: parameter tile is not used in the text'],
  ['${n}', { n: Number.NaN }, 'shader x: parameter n must be finite, got NaN'],
  ['${n}', { n: -Infinity }, 'shader x: parameter n must be finite, got -Infinity'],
  ['#if ${a}', { a: true }, 'shader x: Mismatched #if/#endif count'],
  ['#endif', {}, 'shader x: #endif not preceeded by an #if'],
  [
    '// an #if in a comment ${a}',
    { a: 1 },
    'shader x: #if must be immediately followed by a template expression (ie: ${value})',
  ],
])('refuses %j with %j', (text, parameters, message) => {
  expect(() => render('x', text, parameters)).toThrow(new Error(message));
});
