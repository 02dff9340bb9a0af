import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countShader } from './assembly/counts.js';
import { READERS } from './assembly/readers.js';
import type { Chip } from './chips.js';
import { type ProductLoop, productLoop } from './product-loop.js';
import { readSpirv } from './spirv.js';
import type { Text } from './texts.js';

/** The report of `on-chip.ts` on a chip, as JSON. */
export interface ChipReport {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** `createEngine` takes it for a software device. */
  readonly software: boolean;
  /** The compiler's message for each text that does not compile, by its name. */
  readonly errors: Readonly<Record<string, string>>;
  readonly texts: readonly Text[];
}

/** A text as a compiler made it. */
export interface Compiled {
  readonly lanes: number;
  readonly sharedBytes: number;
  /** Registers of a lane; of a thread on Intel. On Qualcomm each is four words. */
  readonly registers: number;
  /** Waves that can be resident; undefined where that is not told. */
  readonly waves: number | undefined;
  readonly spills: number;
  /** Bytes of a lane's own memory. */
  readonly ownBytes: number;
  /** Accesses of a lane's own memory: in the inner loop of a product, or any that multiplies, and in all. */
  readonly own: { readonly inner: number; readonly all: number };
  readonly issued: number;
  readonly multiplyAdds: number;
  /** Multiply-adds in the SPIR-V, before the compiler. */
  readonly written: number;
  readonly loop: ProductLoop | undefined;
}

/** Percent of multiply-adds in issued instructions and in vector instructions of a turn of the loop over k. */
export const sharesOf = ({ turn }: ProductLoop): readonly [ofIssued: number, ofVector: number] => [
  (100 * turn.multiplyAdds) / turn.issued,
  (100 * turn.multiplyAdds) / turn.vector,
];

/** A driver's statistics by their names. */
type Statistics = Readonly<Record<string, number>>;

interface Resources extends Pick<Compiled, 'registers' | 'waves' | 'spills' | 'ownBytes'> {}

function resourcesOf({ vendor, halfWaves }: Chip, s: Statistics, subgroupSize: number): Resources {
  switch (vendor) {
    case 'amd':
      return {
        registers: s.VGPRs,
        waves: Math.floor(s['Subgroups per SIMD'] / (halfWaves && subgroupSize === 64 ? 2 : 1)),
        spills: s['Spilled VGPRs'] + s['Spilled SGPRs'],
        ownBytes: s['Scratch size'],
      };
    case 'nvidia':
      return {
        registers: s['Number of GPRs'],
        waves: s['Max warps/SM'],
        spills: s['Spills to memory'],
        ownBytes: s['SLM size'],
      };
    case 'qualcomm':
      return { registers: s['Registers used'], waves: s['Max Waves Per Core'], spills: s['STP Count'], ownBytes: 0 };
    case 'apple':
      return {
        registers: Math.floor(s.GPRs / 2),
        waves: Math.floor(s.Threads / 32),
        spills: s.Spills,
        ownBytes: s.Scratch,
      };
    case 'intel':
      return {
        registers: s['Max live registers'],
        waves: undefined,
        spills: s.Spills,
        ownBytes: s['Scratch Memory Size'],
      };
  }
}

/**
 * Returns what the compiler of a chip made of a text, from the files of the Vulkan layer; undefined if it does not compile.
 * Where a text has a twin in whole tiles of k, its loop is that of the twin, all else is of the text itself.
 */
export function readCompiled(folder: string, chip: Chip, { name, tile }: Text): Compiled | undefined {
  const file = (suffix: string) => join(folder, `${name}${suffix}`);
  if (!existsSync(file('.asm'))) return undefined;
  const count = (suffix: string) => countShader(READERS[chip.vendor](readFileSync(file(suffix), 'latin1')));
  const spirv = readFileSync(file('.spv'));
  const { multiplyAdds: written, ...facts } = readSpirv(new Uint32Array(new Uint8Array(spirv).buffer));
  const whole = count('.asm');
  const looped = existsSync(file('.whole.asm')) ? count('.whole.asm') : whole;
  const { executables } = JSON.parse(readFileSync(file('.json'), 'utf8'));
  const { statistics, subgroupSize } = executables.at(-1);
  const owns = whole.loops.filter(({ own }) => own.multiplyAdds > 0).map(({ own }) => own.own);
  return {
    ...facts,
    ...resourcesOf(chip, statistics, subgroupSize),
    own: { inner: Math.max(0, ...owns), all: whole.all.own },
    issued: whole.all.issued,
    multiplyAdds: whole.all.multiplyAdds,
    written,
    loop: productLoop(looped, { ...facts, multiplyAdds: written }, tile),
  };
}
