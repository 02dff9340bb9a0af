import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/data/safetensors.js';
import { createReferenceEngine, EngineError } from '../../src/index.js';
import { populationBased, type SearchOptions, search } from '../../src/tune.js';
import { complaint } from '../train/complaint.js';
import { drain, small, smallModel } from './small-search.js';

const engine = createReferenceEngine();
const SEARCHES: readonly Partial<SearchOptions>[] = [
  { patience: 2 },
  { folds: 2, budget: { epochs: 2 } },
  { strategy: populationBased({ fraction: 0.5 }), budget: { epochs: 2 } },
];

/** Returns the file of a search after its first epoch. */
async function fileOf(more: Partial<SearchOptions>): Promise<Uint8Array> {
  using run = search(engine, smallModel(), small(more));
  for await (const _ of run) break;
  return await run.save();
}

/** Returns a file whose hash is right, so that all else in it is looked at. */
function forged(bytes: Uint8Array, change: (metadata: Record<string, string>) => void): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  change(metadata);
  const { hash: _, ...rest } = metadata;
  const texts = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  const named = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = new TextEncoder().encode(JSON.stringify([texts, named.map(([name]) => name)]));
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, byteLength } of [text, ...named.map(([, { data }]) => data)]) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const stored = Array.from(tensors, ([name, tensor]) => ({ name, ...tensor }));
  return writeSafetensors(stored, { ...rest, hash: (hash >>> 0).toString(16) });
}

type Path = readonly (string | number)[];

/** Returns the places of all values in a JSON value, its own included. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, each]) => pathsIn(each, [...path, key]))];
}

/** Returns a JSON value with another one at a place; `undefined` takes it out. */
function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, key, replaced(Reflect.get(copy, key), rest, by));
  return copy;
}

const KEYS = ['result', 'place', 'groups', 'network', 'asked'];
const HOSTILE: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  0,
  0.5,
  7,
  1e9,
  1e300,
  2 ** 53,
  '',
  '0x10',
  'NaN',
  'Infinity',
  [],
  [[]],
  [null],
  {},
  { toString: 1 },
  { length: 3 },
  { constructor: { name: { toString: 1 } } },
];

test('a forged file is refused as such, or goes on; nothing else is ever thrown', { timeout: 60_000 }, async () => {
  const files = await Promise.all(SEARCHES.map(fileOf));
  const places = files.flatMap((bytes, file) => {
    const { metadata } = readSafetensors(bytes);
    return KEYS.filter((key) => key in metadata).flatMap((key) =>
      pathsIn(JSON.parse(metadata[key])).map((path) => ({ file, key, path })),
    );
  });
  const refusals = new Set<string>();
  const tries = async ({ file, key, path }: (typeof places)[number], value: unknown) => {
    const bytes = forged(files[file], (metadata) => {
      metadata[key] = JSON.stringify(replaced(JSON.parse(metadata[key]), path, value)) ?? '';
    });
    using run = search(engine, smallModel(), small({ ...SEARCHES[file], resume: bytes }));
    const thrown = await drain(run).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (thrown === undefined) return;
    expect(thrown).toBeInstanceOf(EngineError);
    expect((thrown as EngineError).kind).toBe('format');
    refusals.add((thrown as EngineError).message);
  };
  for (const [i, place] of places.entries()) {
    await tries(place, HOSTILE[(i * 5) % HOSTILE.length]);
    // A check that writes a value as text falls over this one.
    await tries(place, { toString: 1 });
  }
  const random = fc.asyncProperty(
    fc.constantFrom(...places),
    fc.oneof(fc.constantFrom(...HOSTILE), fc.jsonValue({ maxDepth: 2 })),
    tries,
  );
  await fc.assert(random, { numRuns: 100 });
  expect(refusals.size).toBeGreaterThan(100);
});

const LISTS = ['result', 'place', 'groups', 'asked'] as const;
test.each(LISTS)('%s that is no JSON, has a key twice, or is missing is refused', async (key) => {
  const bytes = await fileOf({});
  const changes: ((metadata: Record<string, string>) => void)[] = [
    (metadata) => (metadata[key] = '{'),
    (metadata) => (metadata[key] = metadata[key].replace('{', '{"twice":1,"twice":2,')),
    (metadata) => delete metadata[key],
  ];
  for (const change of changes) {
    const run = search(engine, smallModel(), small({ resume: forged(bytes, change) }));
    expect(await complaint(() => drain(run))).toMatch(/^EngineError of kind format: search: resume: /);
  }
});
