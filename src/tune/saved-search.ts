import type { Dataset } from '../data/dataset.js';
import { parseJson, readNonFinite, withNonFinite } from '../data/parse-json.js';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../data/safetensors.js';
import { asFormatError, EngineError } from '../errors/engine-error.js';
import { describe } from '../nn/described.js';
import { SAVED } from './check-saved.js';
import { isSameValue } from './distributions.js';
import { damaged, readStored } from './read-stored.js';
import { type DescribedPart, describePart, partFrom, tensorsOf } from './saved-part.js';
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
  readonly bytes: Uint8Array<ArrayBuffer>;
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
export function writeSearch(
  { result, place, groups, network }: SavedSearch,
  search: CheckedSearch,
): Uint8Array<ArrayBuffer> {
  const tensors = groups.flatMap(({ parked }, group) =>
    parked.flatMap((each, part) => tensorsOf(prefixOf(group, part), each)),
  );
  const savedGroups = groups.map(({ parked, ...group }) => ({ ...group, parts: parked.map(describePart) }));
  const words = network && new Uint32Array(Math.ceil(network.bytes.length / 4));
  if (network && words) new Uint8Array(words.buffer).set(network.bytes);
  const all = [...tensors, ...(words ? [{ name: NETWORK, shape: [words.length], data: words }] : [])];
  const metadata = {
    format: FORMAT,
    asked: askedOf(search),
    result: JSON.stringify(result),
    place: JSON.stringify(place),
    groups: JSON.stringify(savedGroups, withNonFinite),
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
  const stored = <T>(key: keyof typeof SAVED, reviver?: typeof readNonFinite) =>
    readStored<T>(metadata, key, SAVED[key], reviver);
  const saved: SavedGroups = stored('groups', readNonFinite);
  const result: SearchResult = stored('result');
  const place: SearchPlace = stored('place');
  const kept: { id: number; length: number } | undefined =
    metadata.network === undefined ? undefined : stored('network');
  refuseUnfitting({ saved, result, place }, search);
  const groups = saved.map(
    ({ parts, ...group }, at): SavedGroup => ({
      ...group,
      parked: parts.map((part, i) => partFrom(prefixOf(at, i), part, tensors)),
    }),
  );
  return { result, place, groups, network: kept && networkFrom(kept, tensors.get(NETWORK), result) };
}

/** Refuses trials, groups and parts that are each as they should be, but do not fit together or to the search. */
function refuseUnfitting(
  { saved, result: { trials }, place }: { saved: SavedGroups; result: SearchResult; place: SearchPlace },
  { folds, epochs, space }: CheckedSearch,
): void {
  const each = Math.max(folds, 1);
  const running = trials.filter(({ status }) => status === 'running').map(({ id }) => id);
  const inGroups = saved.flatMap(({ ids }) => ids);
  const fits = [
    trials.every(({ id, parent = -1, rungs }, i) => id === i && parent < i && rungs.every((_, at) => at < epochs)),
    isSameValue([...inGroups].sort(ascending), running),
    saved.every(({ ids, parts }) => sum(parts.map(({ members }) => members.length)) === ids.length * each),
    saved.every(({ ids, parts }) => ids.length > 0 && parts.every(({ members }) => members.length > 0)),
    saved.every((group) => group.base <= group.epochs && group.epochs <= epochs),
    !place.round || (place.round.epochs <= epochs && place.round.done <= place.round.epochs),
    saved
      .flatMap(({ parts }) => parts)
      .every((part) => listsOf(part).every(({ length }) => length === part.members.length)),
  ];
  if (!fits.every(Boolean)) throw damaged('its trials do not fit together');
  for (const { config } of trials) asFormatError(() => space.values(config), 'search: resume: ');
}

const ascending = (a: number, b: number) => a - b;
const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);

/** Returns the lists of a part that have one entry per member. */
function listsOf({ diverged, epoch, position: { measured } }: DescribedPart): readonly (readonly unknown[])[] {
  const { loss, correct, weight } = measured ?? {};
  return [diverged, epoch, loss, correct, weight].flatMap((own) => (own ? [own] : []));
}

function networkFrom(
  { id, length }: { readonly id: number; readonly length: number },
  stored: StoredTensor | undefined,
  { trials }: SearchResult,
): SavedNetwork {
  if (!stored || length > stored.data.byteLength || !trials[id]) throw damaged('its network does not fit its trials');
  const { buffer, byteOffset } = stored.data;
  return { id, bytes: new Uint8Array(buffer, byteOffset, length).slice() };
}

type SavedGroups = readonly (Omit<SavedGroup, 'parked'> & { readonly parts: readonly DescribedPart[] })[];

const prefixOf = (group: number, part: number) => `${group}/${part}/`;

/** Returns everything that decides how a search goes, as text. */
export function askedOf({ space, strategy, training, model, ...search }: CheckedSearch): string {
  const { input, batchSize, loss, optimizer, regularizer, constraint, augmentation } = training;
  const { population = null, epochs, folds, metric, patience = null, seed, train, validation } = search;
  const { weights, validationWeights } = search;
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
    augmentation: augmentation && describe(augmentation),
    constraint: constraint ? describe(constraint) : null,
    train: fingerprint(train),
    validation: validation ? fingerprint(validation) : null,
    weights: weights ? hashOf([weights]) : undefined,
    validationWeights: validationWeights ? hashOf([validationWeights]) : undefined,
  });
}

/** @throws EngineError of kind `format` naming what differs */
function refuseOther(saved: string, now: string): void {
  if (saved === now) return;
  const asked = JSON.parse(now);
  let before: unknown;
  try {
    before = parseJson(saved);
  } catch (cause) {
    throw damaged('its options are no JSON', cause);
  }
  const was = new Map(typeof before === 'object' && before !== null ? Object.entries(before) : []);
  const name = [...Object.keys(asked), ...was.keys()].find(
    (key) => JSON.stringify(asked[key]) !== JSON.stringify(was.get(key)),
  );
  if (name === undefined) throw damaged('its options are not as they are written');
  const [old, is] = [was.get(name), asked[name]].map((each) => JSON.stringify(each));
  throw new EngineError('format', `search: resume: ${name} was ${old} when the search was saved, and is ${is}`);
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
