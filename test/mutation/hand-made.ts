import { type Bug, FILE_BUGS, KERNEL_BUGS, STEP_BUGS } from './bugs.js';
import { sourceOf } from './sources.js';
import type { Plant } from './trial.js';

/** A mutant that somebody thought of. */
export interface HandMade {
  readonly what: string;
  readonly file: string;
  readonly plant: Plant;
}

/** Bugs in the final texts of kernels and of the ops that ride on them, and in files of the library. */
export function handMade(): HandMade[] {
  const inTexts = (file: string, only: string, bugs: readonly Bug[]) =>
    bugs.map(([what, search, replacement]): HandMade => {
      const pattern = typeof search !== 'string';
      const plant = { search: pattern ? search.source : search, pattern, replacement, only };
      return { what: `${only || 'every shader'}: ${what}`, file, plant };
    });
  const inFiles = Object.entries(FILE_BUGS).flatMap(([file, bugs]) =>
    bugs.map(([what, search, replacement]): HandMade => {
      const text = sourceOf(file);
      const changed = text.replaceAll(search, () => replacement);
      if (changed === text) throw new Error(`mutate: ${file} does not say what '${what}' replaces`);
      return { what: `${file}: ${what}`, file, plant: { file, text: changed } };
    }),
  );
  return [
    ...KERNEL_BUGS.flatMap(({ kernel, variant, bugs }) =>
      inTexts(`shaders/kernels, ${kernel}`, `${kernel} ${variant}`, bugs),
    ),
    ...inTexts('shaders/ops', '', [...STEP_BUGS.momentum, ...STEP_BUGS.Adam]),
    ...inFiles,
  ];
}
