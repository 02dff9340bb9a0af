import { readNonFinite, withNonFinite } from '../data/parse-json.js';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../data/safetensors.js';
import { EngineError } from '../errors/engine-error.js';
import { readSeed } from '../random/seed.js';
import { type Member, seedsOf } from '../train/member.js';
import { checkPart } from './check-saved.js';
import { readStored } from './read-stored.js';
import type { ParkedPart } from './turns.js';

/** Members that were on the device together, without their states, as JSON holds them. */
export type DescribedPart = Omit<ParkedPart, 'states' | 'best' | 'members'> & {
  readonly hasBest: boolean;
  readonly members: readonly { seed: string; shuffleSeed: string; hyper: Member['hyper'] }[];
};

/** Returns a part without its states, for JSON. */
export function describePart({ states: _, best, members, ...part }: ParkedPart): DescribedPart {
  return {
    ...part,
    hasBest: best !== undefined,
    members: members.map(({ seed, shuffleSeed, hyper }) => ({
      seed: String(seed),
      shuffleSeed: String(shuffleSeed),
      hyper,
    })),
  };
}

/** Returns the states of a part as tensors of a file, whose names begin with `prefix`. */
export function tensorsOf(prefix: string, { states, best = [] }: ParkedPart) {
  return [states, best].flatMap((members, i) =>
    members.flatMap((own, member) =>
      [...own].map(([name, { data }]) => ({
        name: `${nameOf(prefix, member, i === 1)}${name}`,
        shape: [data.length],
        data,
      })),
    ),
  );
}

/** Returns a part from its description and the tensors of its file. @throws EngineError of kind `format` */
export function partFrom(
  prefix: string,
  { hasBest, members, ...part }: DescribedPart,
  tensors: ReadonlyMap<string, StoredTensor>,
): ParkedPart {
  const statesOf = (best: boolean) =>
    members.map((_, member) => {
      const start = nameOf(prefix, member, best);
      const named = [...tensors].filter(([name]) => name.startsWith(start));
      return new Map(named.map(([name, { data }]) => [name.slice(start.length), { data: floats(data) }]));
    });
  return {
    ...part,
    members: members.map(memberFrom),
    diverged: part.diverged.map((each) => each ?? undefined),
    states: statesOf(false),
    best: hasBest ? statesOf(true) : undefined,
  };
}

const nameOf = (prefix: string, member: number, best: boolean) => `${prefix}${member}/${best ? 'best' : 'now'}/`;

function floats(data: Float32Array | Uint32Array): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new EngineError('format', 'search: resume: a state must be F32, got U32');
}

function memberFrom({ seed, shuffleSeed, hyper }: DescribedPart['members'][number]): Member {
  const where = 'search: resume';
  const seeds = seedsOf(where, '', readSeed(where, 'seed', seed), readSeed(where, 'shuffleSeed', shuffleSeed));
  return { ...seeds, hyper };
}

/** Returns one part as a file of its own. */
export function writePart(part: ParkedPart): Uint8Array<ArrayBuffer> {
  return writeSafetensors(tensorsOf('', part), { part: JSON.stringify(describePart(part), withNonFinite) });
}

/** Reads what `writePart` wrote. @throws EngineError of kind `format` if it is damaged */
export function readPart(bytes: Uint8Array): ParkedPart {
  const { tensors, metadata } = readSafetensors(bytes);
  return partFrom('', readStored<DescribedPart>(metadata, 'part', checkPart, readNonFinite), tensors);
}
