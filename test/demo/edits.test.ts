import { expect, test } from 'vitest';
import { readAddress, writeAddress } from '../../demo/contract/address.js';
import {
  editedPoints,
  fitsAddress,
  LEAST_POINTS,
  type PointEdit,
  withAdded,
  withChange,
  withMoved,
  withRemoved,
} from '../../demo/contract/edits.js';
import { LESSONS } from '../../demo/contract/lessons.js';
import { edited } from '../../demo/worker/data/edited.js';
import { planeData, sineData } from '../../demo/worker/data/toys.js';
import { reachOf } from '../../demo/worker/views/reach.js';

const at = (x: number, y: number) => ({ x, y });
const options = { examples: 20, noise: 0.1, seed: 1 };
const [{ state }] = LESSONS;

test('adds, moves and removes points of the data set and new ones', () => {
  let edits: readonly PointEdit[] | undefined = withAdded(undefined, at(0.123, -4.567), 1);
  expect(edits).toEqual([{ kind: 'add', x: 0.12, y: -4.57, label: 1 }]);
  const point = (index: number) => editedPoints(5, edits)[index];
  expect(editedPoints(5, edits)).toEqual([{ of: 0 }, { of: 1 }, { of: 2 }, { of: 3 }, { of: 4 }, { edit: 0 }]);
  edits = withMoved(edits, point(5), at(1, 2));
  edits = withMoved(edits, point(3), at(5, 6));
  edits = withMoved(edits, point(3), at(7, 8));
  expect(edits).toEqual([
    { kind: 'add', x: 1, y: 2, label: 1 },
    { kind: 'move', of: 3, x: 7, y: 8 },
  ]);
  edits = withRemoved(edits, point(3));
  edits = withRemoved(edits, point(0));
  expect(editedPoints(5, edits)).toEqual([{ of: 1 }, { of: 2 }, { of: 4 }, { edit: 0 }]);
  edits = withRemoved(edits, point(3));
  expect(edits).toEqual([
    { kind: 'remove', of: 3 },
    { kind: 'remove', of: 0 },
  ]);
  expect(withRemoved(withAdded(undefined, at(0, 0), 0), { edit: 0 })).toBeUndefined();
});

const some: readonly PointEdit[] = [
  { kind: 'add', x: 0.5, y: -1.25, label: 1 },
  { kind: 'move', of: 2, x: -3, y: 0 },
  { kind: 'remove', of: 0 },
];

test('the training points change, those of the validation and the figure do not', () => {
  for (const data of [planeData('moons', options), planeData('xor', options)]) {
    const { train, ...others } = edited(data, some);
    const { x, y } = data.train;
    expect(train.examples).toBe(20);
    expect([...train.x]).toEqual([x[2], x[3], -3, 0, ...x.subarray(6), 0.5, -1.25]);
    expect([...train.y]).toEqual([...y.subarray(1), 1]);
    expect(others).toEqual({ ...data, train: undefined, unedited: data.train });
    expect(reachOf({ train, ...others })).toEqual(reachOf(data));
  }
  const sine = sineData(options);
  const { train } = edited(sine, some);
  expect([...train.x]).toEqual([sine.train.x[1], -3, ...sine.train.x.subarray(3), 0.5]);
  expect([...train.y]).toEqual([sine.train.y[1], 0, ...sine.train.y.subarray(3), -1.25]);
});

test('an address carries the edits, if they are not too many', () => {
  const own = { ...state, edits: some };
  const address = writeAddress(own, 'overfit');
  expect(address).toBe('#lesson=overfit&points=0.5_-1.25_1,-3_0@2,@0');
  expect(readAddress(address)).toEqual({ state: own, lesson: 'overfit', notes: [] });
  const many = Array.from({ length: 200 }, (_, i): PointEdit => ({ kind: 'add', x: i / 100, y: -1.25, label: 0 }));
  expect(fitsAddress(many)).toBe(false);
  expect(writeAddress({ ...state, edits: many }, 'overfit')).toBe('#lesson=overfit');
});

test.each(['', '1_2', '1_2_3', '1_2_1@4', '100_0_1', '1e9_0_1', 'x_0_1', '@-1', '@12345', '0_0_1,,@1'])(
  'points=%s is refused with a note',
  (text) => {
    const { state: read, notes } = readAddress(`#lesson=overfit&points=${text}`);
    expect(read).toEqual({ ...state, edits: undefined });
    expect(notes).toEqual([
      `points must be new points, moved ones and removed ones, such as 0.5_1.2_1,0.3_-1@12,@7, got ${JSON.stringify(text)}`,
    ]);
  },
);

test('edits that leave too few points, or that are of images, are refused with a note', () => {
  const all = Array.from({ length: 6 }, (_, i) => `@${i}`).join(',');
  for (const hash of [`examples=15&points=${all}`, 'data=mnist&points=@1']) {
    const { state: read, notes } = readAddress(`#${hash}`);
    expect(read.edits).toBeUndefined();
    expect(notes).toEqual([`points must leave ${LEAST_POINTS} training points of a data set that this page makes`]);
  }
  expect(readAddress(`#examples=16&points=${all}`).notes).toEqual([]);
});

test('edits are of one data set and one seed', () => {
  const own = { ...state, edits: some };
  expect(withChange(own, { seed: 2 }).edits).toBeUndefined();
  expect(withChange(own, { ...own, data: 'xor' }).edits).toBeUndefined();
  expect(withChange(own, { examples: 50, noise: 0 }).edits).toBe(some);
  expect(withChange(own, { data: 'xor', edits: some.slice(1) }).edits).toEqual(some.slice(1));
});
