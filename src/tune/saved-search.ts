import type { Dataset } from '../data/dataset.js';
import { readSafetensors, writeSafetensors } from '../data/safetensors.js';
import { EngineError } from '../errors/engine-error.js';
import { describe } from '../nn/described.js';
import { readSeed } from '../random/seed.js';
import { type Member, seedsOf } from '../train/member.js';
import type { CheckedSearch } from './search-options.js';
import type { SearchResult } from './search-result.js';
import type { ParkedPart } from './turns.js';

/** A group of trials with its members in the host's memory. */
export interface SavedGroup {
  readonly key: string;
  readonly ids: readonly number[];
  readonly epochs: number;
  readonly base: number;
  readonly parked: readonly ParkedPart[];
}

/** The network of a trial that trains no more, as `loadTrainer` reads it. */
export interface SavedNetwork {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** The place at which a search stands between two epochs. */
export interface SearchPlace {
  /** Rounds done. */
  readonly rounds: number;
  /** The round under way. */
  readonly round: { readonly epochs: number; readonly done: number } | undefined;
  readonly seconds: number;
}

/** The contents of a file of `Search.save`. */
export interface SavedSearch {
  readonly result: SearchResult;
  readonly place: SearchPlace;
  readonly groups: readonly SavedGroup[];
  readonly network: SavedNetwork | undefined;
}

const FORMAT = 'wgrad saved search 1';
const NETWORK = 'network';

/** Writes a search as safetensors: states by group, part and member, everything else in the metadata. */
export function writeSearch({ result, place, groups, network }: SavedSearch, search: CheckedSearch): Uint8Array {
  const tensors = groups.flatMap(({ parked }, group) =>
    parked.flatMap(({ states, best = [] }, part) =>
      [states, best].flatMap((members, i) =>
        members.flatMap((own, member) =>
          [...own].map(([name, { data }]) => ({
            name: nameOf(group, part, member, i === 1, name),
            shape: [data.length],
            data,
          })),
        ),
      ),
    ),
  );
  const savedGroups = groups.map(({ parked, ...group }) => ({
    ...group,
    parts: parked.map(({ states: _, best, members, ...part }) => ({
      ...part,
      hasBest: best !== undefined,
      members: members.map(({ seed, shuffleSeed, hyper }) => ({
        seed: String(seed),
        shuffleSeed: String(shuffleSeed),
        hyper,
      })),
    })),
  }));
  const words = network && new Uint32Array(Math.ceil(network.bytes.length / 4));
  if (network && words) new Uint8Array(words.buffer).set(network.bytes);
  const all = [...tensors, ...(words ? [{ name: NETWORK, shape: [words.length], data: words }] : [])];
  const metadata = {
    format: FORMAT,
    asked: askedOf(search),
    result: JSON.stringify(result),
    place: JSON.stringify(place),
    groups: JSON.stringify(savedGroups, (_, value) =>
      Number.isFinite(value) || typeof value !== 'number' ? value : `${value}`,
    ),
    ...(network && { network: JSON.stringify({ id: network.id, length: network.bytes.length }) }),
  };
  const named = new Map(all.map(({ name, data }) => [name, { data }]));
  return writeSafetensors(all, { ...metadata, hash: hashOfFile(named, metadata) });
}

/** Reads what `writeSearch` wrote. @throws EngineError of kind `format` if it is another search's, or damaged */
export function readSearch(bytes: Uint8Array, search: CheckedSearch): SavedSearch {
  const { tensors, metadata } = readSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new EngineError(
      'format',
      `search: resume: the file's format must be '${FORMAT}', got ${JSON.stringify(metadata.format)}`,
    );
  }
  const { hash, ...rest } = metadata;
  if (hash !== hashOfFile(tensors, rest)) {
    throw new EngineError('format', 'search: resume: the file is damaged: its contents are not those that were saved');
  }
  refuseOther(metadata.asked, askedOf(search));
  try {
    const savedGroups: (Omit<SavedGroup, 'parked'> & { parts: SavedPart[] })[] = JSON.parse(
      metadata.groups,
      (_, value) => NON_FINITE.get(value) ?? value,
    );
    const groups = savedGroups.map(
      ({ parts, ...group }, at): SavedGroup => ({
        ...group,
        parked: parts.map(({ hasBest, members, ...part }, i): ParkedPart => {
          const statesOf = (best: boolean) =>
            members.map((_, member) => {
              const prefix = nameOf(at, i, member, best, '');
              const named = [...tensors].filter(([name]) => name.startsWith(prefix));
              return new Map(named.map(([name, { data }]) => [name.slice(prefix.length), { data: floats(data) }]));
            });
          return {
            ...part,
            members: members.map(memberFrom),
            diverged: part.diverged.map((each) => each ?? undefined),
            states: statesOf(false),
            best: hasBest ? statesOf(true) : undefined,
          };
        }),
      }),
    );
    const kept: { id: number; length: number } | undefined = metadata.network && JSON.parse(metadata.network);
    const words = tensors.get(NETWORK)?.data;
    const network = kept &&
      words && { id: kept.id, bytes: new Uint8Array(words.buffer, words.byteOffset, kept.length).slice() };
    const result: SearchResult = JSON.parse(metadata.result);
    const place: SearchPlace = JSON.parse(metadata.place);
    const isWhole = result.trials.every(({ rungs, config }) => Array.isArray(rungs) && typeof config === 'object');
    if (!isWhole || !groups.every(({ ids }) => ids.every((id) => result.trials[id]))) {
      throw new Error('its trials do not fit together');
    }
    return { result, place, groups, network };
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new EngineError('format', `search: resume: the file is damaged: ${message}`, { cause });
  }
}

type SavedPart = Omit<ParkedPart, 'states' | 'best' | 'members'> & {
  readonly hasBest: boolean;
  readonly members: readonly { seed: string; shuffleSeed: string; hyper: Member['hyper'] }[];
};

/** Numbers that JSON does not have, by the strings that stand for them. */
const NON_FINITE = new Map<unknown, number>(
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => [String(value), value]),
);

const nameOf = (group: number, part: number, member: number, best: boolean, name: string) =>
  `${group}/${part}/${member}/${best ? 'best' : 'now'}/${name}`;

function floats(data: Float32Array | Uint32Array): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new EngineError('format', 'search: resume: a state must be F32, got U32');
}

function memberFrom({ seed, shuffleSeed, hyper }: SavedPart['members'][number]): Member {
  const where = 'search: resume';
  const seeds = seedsOf(where, '', readSeed(where, 'seed', seed), readSeed(where, 'shuffleSeed', shuffleSeed));
  return { ...seeds, hyper };
}

/** Returns everything that decides how a search goes, as text. */
function askedOf({ space, strategy, training, model, ...search }: CheckedSearch): string {
  const { input, batchSize, loss, optimizer, regularizer } = training;
  const { population = null, epochs, folds, metric, patience = null, seed, train, validation } = search;
  return JSON.stringify({
    space: space.toJSON(),
    strategy: { kind: strategy.kind, options: strategy.options },
    population,
    epochs,
    folds,
    metric: typeof metric === 'function' ? 'custom' : metric,
    patience,
    seed: String(seed),
    layers: model ? model.layers.map(describe) : null,
    input,
    batchSize,
    loss: describe(loss),
    optimizer: describe(optimizer),
    regularizer: regularizer ? describe(regularizer) : null,
    train: fingerprint(train),
    validation: validation ? fingerprint(validation) : null,
  });
}

/** @throws EngineError of kind `format` naming what differs */
function refuseOther(saved: string, now: string): void {
  if (saved === now) return;
  const before = JSON.parse(saved ?? '{}');
  const asked = JSON.parse(now);
  const name = Object.keys(asked).find((key) => JSON.stringify(asked[key]) !== JSON.stringify(before[key]));
  const [was, is] = [before, asked].map((each) => JSON.stringify(each[name ?? '']));
  throw new EngineError('format', `search: resume: ${name} was ${was} when the search was saved, and is ${is}`);
}

/** Returns the sizes and a hash of a data set as text. */
function fingerprint({ examples, features, x, y }: Dataset): string {
  return `${examples} x ${features}, ${hashOf([x, y])}`;
}

/** Returns a hash of all contents of a file, whatever their order. */
function hashOfFile(
  tensors: ReadonlyMap<string, { readonly data: ArrayBufferView }>,
  metadata: Readonly<Record<string, string>>,
): string {
  const texts = Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1));
  const named = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = new TextEncoder().encode(JSON.stringify([texts, named.map(([name]) => name)]));
  return hashOf([text, ...named.map(([, { data }]) => data)]);
}

/** FNV-1a of 32 bits, in hexadecimal digits. Source: Fowler, Noll and Vo; draft-eastlake-fnv. */
function hashOf(parts: readonly ArrayBufferView[]): string {
  let hash = 0x811c9dc5;
  for (const { buffer, byteOffset, byteLength } of parts) {
    for (const byte of new Uint8Array(buffer, byteOffset, byteLength)) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
