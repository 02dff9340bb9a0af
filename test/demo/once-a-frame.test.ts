import { afterEach, expect, test, vi } from 'vitest';
import { onceAFrame } from '../../demo/page/once-a-frame.js';

const frames: FrameRequestCallback[] = [];
vi.stubGlobal('requestAnimationFrame', (draw: FrameRequestCallback) => frames.push(draw));
const frame = () => {
  for (const draw of frames.splice(0)) draw(0);
};
afterEach(() => {
  while (frames.length > 0) frame();
});

test('draws once in a frame, in the order of the calls', () => {
  const drawn: string[] = [];
  const a = onceAFrame(() => drawn.push('a'));
  const b = onceAFrame(() => drawn.push('b'));
  for (const each of [b, a, b, a]) each();
  frame();
  expect(drawn).toEqual(['b', 'a']);
});

test('a draw that fails takes no other along', () => {
  const drawn: string[] = [];
  const failing = onceAFrame(() => {
    throw new Error('no picture');
  });
  const other = onceAFrame(() => drawn.push('other'));
  failing();
  other();
  expect(frame).toThrow('no picture');
  frame();
  expect(drawn).toEqual(['other']);
  other();
  frame();
  expect(drawn).toEqual(['other', 'other']);
});
