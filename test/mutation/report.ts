import { textTable } from '../../src/cli/terminal/lines.js';
import { sourceOf } from './sources.js';

/** The outcome of a mutant. */
export interface Outcome {
  readonly id: number;
  readonly group: 'hand-made' | 'generated';
  readonly file: string;
  readonly kind: string;
  /** Place, and the line before and after; of a hand-made one what is wrong. */
  readonly what: string;
  /** WebGPU or the parser refuses it: it does not count. */
  readonly invalid: boolean;
  /** The test of the fast suite that noticed it. */
  readonly suite?: string | undefined;
  /** The part of verifyEngine that noticed it. */
  readonly verification?: string | undefined;
}

const LISTED = 'test/mutation/survivors.md';
const SUITE = `The fast suite: test/plan/{plan,print-plan}, test/nn/optimizers, test/random/philox, test/witness/first-steps, test/kernels/trees and
test/gpu/{updates,steps,fusion,masks,philox,data,probe,riders} of the tests, in one process, without those\nthat repeat others tensor by tensor, up to the first that fails.`;

/** Prints the table by file, both scores and the survivors; returns 1 if a survivor is not listed, else 0. */
export function printReport(outcomes: readonly Outcome[], planned: number, quick: boolean): number {
  if (outcomes.length < planned) console.log(`\nout of time: ${outcomes.length} of ${planned} mutants were tried`);
  for (const group of ['hand-made', 'generated'] as const) {
    const own = outcomes.filter((each) => each.group === group);
    if (own.length) console.log(`\n${group}\n${tableOf(own)}`);
  }
  const kinds = [...new Set(outcomes.map(({ kind }) => kind))].map(
    (name) => `${outcomes.filter(({ kind }) => kind === name).length} ${name}`,
  );
  console.log(`\nby kind: ${kinds.join(', ')}\n\n${SUITE}`);
  console.log(`verifyEngine: ${quick ? 'quick' : 'in full'}, seed 1, part by part, up to the first part that fails.\n`);
  const scored = outcomes.filter(({ invalid }) => !invalid);
  for (const group of ['hand-made', 'generated'] as const) {
    const own = scored.filter((each) => each.group === group);
    if (own.length === 0) continue;
    console.log(
      `${group}: the fast suite ${share(own, ({ suite }) => suite)}, verifyEngine ${share(own, ({ verification }) => verification)}`,
    );
    console.log(`  in shaders: verifyEngine ${share(own.filter(inShader), ({ verification }) => verification)}`);
  }
  return printSurvivors(scored);
}

const inShader = ({ file }: Outcome) => file.startsWith('shaders/');
const byNobody = ({ suite, verification }: Outcome) => suite === undefined && verification === undefined;

/** True if a mutant was noticed, but only because something took too long. */
const byTimeAlone = (outcome: Outcome) =>
  !byNobody(outcome) &&
  [outcome.suite, outcome.verification].every((by) => by === undefined || by.startsWith('time: '));

function printSurvivors(scored: readonly Outcome[]): number {
  const listed = listedSurvivors();
  const survivors = scored.filter(byNobody);
  const [known, unknown] = [
    survivors.filter(({ what }) => listed.has(withoutLine(what))),
    survivors.filter(({ what }) => !listed.has(withoutLine(what))),
  ];
  console.log(`\nnoticed by nobody: ${survivors.length}, of which ${known.length} are listed in ${LISTED}`);
  for (const { what } of unknown) console.log(`  not listed: ${what}`);
  const slow = scored.filter(byTimeAlone);
  console.log(`\nnoticed by a time limit alone: ${slow.length}; on a busy machine they prove nothing`);
  for (const { what } of slow) console.log(`  ${what}`);
  const alone = (of: 'suite' | 'verification', other: 'suite' | 'verification', name: string) => {
    const missed = scored.filter((each) => each[of] === undefined && each[other] !== undefined);
    console.log(`\nnoticed, but not by ${name}: ${missed.length}`);
    for (const each of missed) console.log(`  ${each.what}\n    by ${each[other]}`);
  };
  alone('verification', 'suite', 'verifyEngine');
  alone('suite', 'verification', 'the fast suite');
  return unknown.length ? 1 : 0;
}

/** Returns the survivors that have a proof, without the numbers of their lines: items of the list between double backticks. */
function listedSurvivors(): Set<string> {
  const lines = sourceOf(LISTED).split('\n');
  return new Set(lines.flatMap((line) => line.match(/^- `` (.*) ``$/)?.[1] ?? []).map(withoutLine));
}

/** Returns a mutant's description without the number of its line, which changes with the lines above it. */
const withoutLine = (what: string) => what.replace(/^(\S+?):\d+ /, '$1 ');

function tableOf(outcomes: readonly Outcome[]): string {
  const heads = ['file', 'mutants', 'invalid', 'suite', 'verifyEngine', 'nobody'];
  const cells = (name: string, own: readonly Outcome[]) => {
    const valid = own.filter(({ invalid }) => !invalid);
    const by = (score: 'suite' | 'verification') => valid.filter((each) => each[score] !== undefined).length;
    const counts = [own.length, own.length - valid.length, by('suite'), by('verification')];
    return [name, ...[...counts, valid.filter(byNobody).length].map(String)];
  };
  const files = [...new Set(outcomes.map(({ file }) => file))];
  const of = (name: string) => outcomes.filter(({ file }) => file === name);
  const rows = files.map((name) => cells(name, of(name)));
  return textTable([heads, ...rows, cells('all', outcomes)], (column) => column > 0).join('\n');
}

function share(outcomes: readonly Outcome[], noticed: (outcome: Outcome) => unknown): string {
  const count = outcomes.filter((each) => noticed(each) !== undefined).length;
  return `${count} of ${outcomes.length} (${((100 * count) / (outcomes.length || 1)).toFixed(1)} %)`;
}
