import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { circlesOf } from './circles.js';
import { demoBytes, trainerBytes } from './page-bytes.js';
import { activationFiles, linesOf, sourceFiles, TRAINING_ROOMS } from './source.js';

/** A number that may not grow. */
export interface Budget {
  readonly name: string;
  readonly now: number;
  readonly allowed: number;
  /** The files behind the number, if they explain it. */
  readonly files?: readonly string[];
}

/** Returns all budgets, measured. Page bytes are those of `dist` and `dist-demo`, which must be built. */
export async function measureBudgets(root: string): Promise<Budget[]> {
  const files = sourceFiles(root);
  const texts = [...files.values()];
  const linesIn = (file: string) => linesOf(readFileSync(join(root, file), 'utf8'));
  const training = [...files].filter(([path]) => TRAINING_ROOMS.some((room) => path.startsWith(room)));
  const longest = [...files].sort(([, a], [, b]) => linesOf(b) - linesOf(a))[0];
  const circles = circlesOf(files);
  const activation = activationFiles(files);
  const page = demoBytes(root);
  const trainer = await trainerBytes(root);
  return [
    { name: 'lines of src', now: linesOf(...texts), allowed: 40_270 },
    { name: 'files of src', now: files.size, allowed: 385 },
    { name: 'lines of the longest file of src', now: linesOf(longest[1]), allowed: 300, files: [longest[0]] },
    { name: 'lines from ops to train', now: linesOf(...training.map(([, text]) => text)), allowed: 14_380 },
    { name: 'files of src in circles of imports', now: circles.flat().length, allowed: 0, files: circles.flat() },
    { name: 'files of src that a new activation touches', now: activation.length, allowed: 3, files: activation },
    { name: 'bytes of a page that trains, before its first step on a GPU', now: trainer.gpu, allowed: 50_210 },
    { name: 'bytes of the same page on a software adapter', now: trainer.software, allowed: 51_300 },
    { name: 'bytes of the demo page before a lesson trains', now: page.first, allowed: 105_000 },
    { name: 'bytes of the demo page in all', now: page.all, allowed: 271_000 },
    { name: 'lines of README.md', now: linesIn('README.md'), allowed: 200 },
    { name: 'lines of CONTRIBUTING.md', now: linesIn('CONTRIBUTING.md'), allowed: 119 },
  ];
}
