import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { handMade } from './hand-made.js';
import { describeMutant, type Mutant, planted } from './mutant.js';
import { type Outcome, printReport } from './report.js';
import { mutantsOf, mutatedFiles, sampled, sourceOf } from './sources.js';
import { type Plant, SCORES } from './trial.js';
import { Worker } from './worker-pool.js';

const USAGE = `npm run mutate -- [options]
  --group hand-made|generated  default: both
  --file NAME,...              only files whose path contains a NAME
  --again FILE                 only those that nobody noticed in the run that wrote FILE with --json
  --sample N                   at most N mutants a file, each as likely as the others; default: all
  --seed N                     of the sample; default 1
  --jobs N                     processes at once; default 1
  --full                       verifyEngine with all shapes instead of quick
  --minutes N                  start no mutant after that time; default: no limit
  --json FILE                  every mutant and what noticed it`;

/** A mutant and how it is planted. */
interface Planned {
  readonly group: 'hand-made' | 'generated';
  readonly file: string;
  readonly kind: string;
  readonly what: string;
  readonly plant: Plant;
}

/** Plants every mutant, holds it against the fast suite and against verifyEngine, prints both scores. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      group: { type: 'string' },
      file: { type: 'string' },
      again: { type: 'string' },
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '1' },
      minutes: { type: 'string' },
      json: { type: 'string' },
      full: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const { file = '', group } = values;
  const again = values.again === undefined ? undefined : survivorsIn(values.again);
  const planned = [
    ...(group === 'generated' ? [] : plannedByHand()),
    ...(group === 'hand-made' ? [] : plannedBySampling(Number(values.sample ?? Infinity), Number(values.seed))),
  ]
    .filter((each) => file.split(',').some((part) => each.file.includes(part)))
    .filter(({ what }) => again?.has(what) ?? true);
  const outcomes = await tryAll(planned, {
    quick: !values.full,
    jobs: Number(values.jobs),
    minutes: Number(values.minutes ?? Infinity),
    onOutcomes: (all) => values.json && writeFileSync(values.json, JSON.stringify(all, null, 1)),
  });
  return printReport(outcomes, planned.length, !values.full);
}

interface TryOptions {
  readonly quick: boolean;
  readonly jobs: number;
  readonly minutes: number;
  readonly onOutcomes: (outcomes: readonly Outcome[]) => void;
}

/** Makes the trials in their order, several at once, until the time is over; returns what came of them, in that order. */
async function tryAll(
  planned: readonly Planned[],
  { quick, jobs, minutes, onOutcomes }: TryOptions,
): Promise<Outcome[]> {
  console.log(`${planned.length} mutants; first everything without one`);
  const first = new Worker();
  const facts = await first.survey(quick);
  const seconds = Object.values(facts).reduce((sum, each) => sum + each.seconds, 0);
  console.log(`${Object.keys(facts).length} checks hold in ${seconds.toFixed(0)} s`);
  const read = new Set(Object.values(facts).flatMap(({ shaders }) => shaders));
  const unread = planned.find(({ file }) => file.endsWith('.wgsl') && !read.has(file));
  if (unread)
    throw new Error(`mutate: no check is known to read ${unread.file}, so that all its mutants would survive`);
  const workers = [first, ...Array.from({ length: jobs - 1 }, () => new Worker(facts))];
  const end = performance.now() + 60_000 * minutes;
  const outcomes: Outcome[] = [];
  const waiting = [...planned.entries()];
  const work = async (worker: Worker) => {
    for (let next = waiting.shift(); next && performance.now() < end; next = waiting.shift()) {
      const [id, { group, file, kind, what, plant }] = next;
      const [suite, verification] = await worker.try({ id, scores: SCORES, plant, quick });
      const invalid = suite.invalid === true || verification.invalid === true;
      outcomes.push({ id, group, file, kind, what, invalid, suite: suite.noticed, verification: verification.noticed });
      if (outcomes.length % 50 === 0) console.log(`${outcomes.length} of ${planned.length}`);
      onOutcomes(outcomes);
    }
    worker.stop();
  };
  await Promise.all(workers.map(work));
  return outcomes.sort((a, b) => a.id - b.id);
}

/** Returns the mutants that nobody noticed in a former run. */
function survivorsIn(file: string): Set<string> {
  const outcomes: Outcome[] = JSON.parse(readFileSync(file, 'utf8'));
  return new Set(
    outcomes.filter(({ invalid, suite, verification }) => !invalid && !suite && !verification).map(({ what }) => what),
  );
}

function plannedByHand(): Planned[] {
  return handMade().map(({ what, file, plant }) => ({ group: 'hand-made', file, kind: 'hand-made', what, plant }));
}

/** A sample of every file, one mutant of each in turn. */
function plannedBySampling(count: number, seed: number): Planned[] {
  const columns = mutatedFiles().map((file) => {
    const text = sourceOf(file);
    return sampled(mutantsOf(file), count, seed).map((mutant) => plannedOf(mutant, text));
  });
  const longest = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => columns.flatMap((column) => column.slice(i, i + 1))).flat();
}

function plannedOf(mutant: Mutant, text: string): Planned {
  const { file, kind } = mutant;
  const plant = { file, text: planted(text, mutant) };
  return { group: 'generated', file, kind, what: describeMutant(text, mutant), plant };
}
