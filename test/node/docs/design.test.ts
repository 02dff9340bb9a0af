import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, sep } from 'node:path';
import { expect, test } from 'vitest';
import { textOf } from './markdown.js';

/** Rooms that every room may import; the drawing leaves them out. */
const LEFT_OUT = ['errors', 'promises'];

/** Returns the rooms that the files of `src/ROOM` import. */
function importsOf(room: string): Set<string> {
  const found = new Set<string>();
  for (const name of readdirSync(join('src', room), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts')) continue;
    const folder = join('src', room, name, '..');
    for (const [, path] of readFileSync(join('src', room, name), 'utf8').matchAll(/'(\.\.?\/[^']+)'/g)) {
      const [root, to] = normalize(join(folder, path)).split(sep);
      if (root === 'shaders') found.add(root);
      if (root === 'src') found.add(to.replace(/\.js$/, '')); // an entry is named as its room
    }
  }
  found.delete(room);
  return new Set([...found].filter((to) => !LEFT_OUT.includes(to)));
}

const arrows = [...textOf('docs/house.svg').matchAll(/data-from="(\w+)" data-to="(\w+)"/g)].map(([, from, to]) => ({
  from,
  to,
}));

/** Returns the rooms that can be reached from `room` along the arrows. */
function reachedFrom(room: string): Set<string> {
  const reached = new Set<string>();
  const visit = (from: string) => {
    for (const arrow of arrows) {
      if (arrow.from !== from || reached.has(arrow.to)) continue;
      reached.add(arrow.to);
      visit(arrow.to);
    }
  };
  visit(room);
  return reached;
}

const rooms = readdirSync('src', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !LEFT_OUT.includes(entry.name))
  .map(({ name }) => name);

test('the drawing of the house has every room', () => {
  const drawn = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  expect([...drawn].sort()).toEqual([...rooms, 'shaders'].sort());
});

test.each(rooms)('%s imports what the drawing shows', (room) => {
  const imports = importsOf(room);
  const drawn = arrows.filter(({ from }) => from === room).map(({ to }) => to);
  expect(drawn.filter((to) => !imports.has(to))).toEqual([]);
  // The command line imports the library through its entries.
  const reached = reachedFrom(room);
  expect([...imports].filter((to) => to !== 'index' && !reached.has(to))).toEqual([]);
});

test('docs/design.md has a line for every room', () => {
  const text = textOf('docs/design.md');
  expect(rooms.filter((room) => !text.includes(`\`src/${room}/\``))).toEqual([]);
});
