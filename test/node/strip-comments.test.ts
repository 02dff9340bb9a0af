import { expect, test } from 'vitest';
import { stripComments } from '../../shaders/strip-comments.js';

test.each([
  ['a line of it', '// y = x\nfn y(x: f32) -> f32 {\n  return x;\n}\n', 'fn y(x: f32) -> f32 {\n  return x;\n}\n'],
  ['an indented line', 'fn y() {\n  // why\n  store();\n}\n', 'fn y() {\n  store();\n}\n'],
  ['the end of a line', 'const LANES = 64u; // a wave\nconst ROWS = 4u;\n', 'const LANES = 64u;\nconst ROWS = 4u;\n'],
  ['the last line', 'const LANES = 64u;\n// end', 'const LANES = 64u;\n'],
  ['empty lines, which stay', 'a();\n\n// why\nb();\n', 'a();\n\nb();\n'],
  ['a division, which is none', 'let y = x / 2;\n', 'let y = x / 2;\n'],
])('a comment that is %s', (_, text, stripped) => {
  expect(stripComments(text)).toBe(stripped);
});

const shaders = import.meta.glob<string>('/shaders/*/*.wgsl', { query: '?raw', eager: true, import: 'default' });

test('the tests run on shaders without comments, as they are published', () => {
  expect(Object.keys(shaders).length).toBeGreaterThan(50);
  for (const [file, text] of Object.entries(shaders)) expect(`${file}: ${text}`).not.toMatch(/\/[/*]/g);
});
