import { readdirSync, readFileSync } from 'node:fs';
import { Random } from '../../src/random/random.js';
import type { Mutant } from './mutant.js';
import { typescriptMutants } from './typescript-mutants.js';
import { wgslMutants } from './wgsl-mutants.js';

const root = new URL('../../', import.meta.url);
const PLANNER = [
  'match',
  'cover',
  'ride',
  'order',
  'schedule',
  'layout',
  'bindings',
  'epilogue',
  'shader-writer',
  'plan',
];

/** Every shader, and the files of the fusion and layout rules. */
export function mutatedFiles(): string[] {
  const shaders = ['kernels', 'ops', 'lib'].flatMap((folder) =>
    readdirSync(new URL(`shaders/${folder}`, root))
      .filter((name) => name.endsWith('.wgsl'))
      .sort()
      .map((name) => `shaders/${folder}/${name}`),
  );
  return [...shaders, 'src/graph/rewrite.ts', ...PLANNER.map((name) => `src/plan/${name}.ts`)];
}

/** The text of a file of the repository. */
export function sourceOf(file: string): string {
  return readFileSync(new URL(file, root), 'utf8');
}

/** The mutants of a file, in the order of its text. */
export function mutantsOf(file: string): Mutant[] {
  const text = sourceOf(file);
  return file.endsWith('.wgsl') ? wgslMutants(file, text) : typescriptMutants(file, text);
}

/** `count` of them, each as likely as the others, in an order of chance; the same ones for the same seed. */
export function sampled(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = new Random(seed);
  const keyed = mutants.map((mutant) => ({ mutant, key: random.next() }));
  const chosen = keyed.sort((a, b) => a.key - b.key).slice(0, count);
  return chosen.map(({ mutant }) => mutant);
}
