import { chunks } from './chunks.js';
import type { Member } from './member.js';
import type { EpochReport, PerMember } from './reports.js';
import type { ParkedWave } from './waves.js';

/** A member to be, as the one at `from` is. */
export interface Copy {
  readonly from: number;
  readonly member: Member;
}

/** Where a member is. */
interface Source {
  readonly wave: ParkedWave;
  readonly i: number;
}

/**
 * Copies of parked members as waves of at most `room`. Members of a wave stand at the same step: where a fit was stopped
 * between two waves, those that came further stay apart.
 */
export function regroup(parked: readonly ParkedWave[], copies: readonly Copy[], room: number): ParkedWave[] {
  const all = parked.flatMap((wave) => wave.members.map((_, i): Source => ({ wave, i })));
  const runs: (Source & Pick<Copy, 'member'>)[][] = [];
  for (const { from, member } of copies) {
    const source = { ...all[from], member };
    const run = runs[runs.length - 1];
    if (run && standsAt(run[0].wave) === standsAt(source.wave)) run.push(source);
    else runs.push([source]);
  }
  const hasBest = parked.some(({ best }) => best);
  return runs
    .flatMap((run) => chunks(run, room))
    .map((own): ParkedWave => {
      const { wave } = own[0];
      return {
        members: own.map(({ member }) => member),
        diverged: own.map(({ wave, i }) => wave.diverged[i]),
        steps: wave.steps,
        position: positionOf(own),
        states: own.map(({ wave, i }) => wave.states[i]),
        ...(hasBest && { best: own.map(({ wave, i }) => wave.best?.[i] ?? wave.states[i]) }),
        ...(wave.report && { report: reportOf(wave.report, own) }),
      };
    });
}

/** A report of some of its members. */
export function pickReport(report: PerMember<EpochReport>, members: readonly number[]): PerMember<EpochReport> {
  return mapMeasures(report, (values) => members.map((member) => values[member]));
}

/** Where a wave stands, as a text. */
function standsAt({ steps, position: { epoch, row, measured }, report }: ParkedWave): string {
  return [steps, epoch, row, measured?.steps, report?.epoch].join();
}

/** Where members stand that stand at the same place, with what each has measured in the epoch. */
function positionOf(own: readonly Source[]): ParkedWave['position'] {
  const { position } = own[0].wave;
  const { measured } = position;
  if (!measured) return position;
  const pick = (name: 'loss' | 'correct' | 'weight') =>
    own.map(({ wave, i }) => wave.position.measured?.[name][i] ?? Number.NaN);
  return {
    ...position,
    measured: { steps: measured.steps, loss: pick('loss'), correct: pick('correct'), weight: pick('weight') },
  };
}

function reportOf(report: PerMember<EpochReport>, own: readonly Source[]): PerMember<EpochReport> {
  return mapMeasures(report, (_, name) =>
    own.map(({ wave, i }) => {
      const values = wave.report?.[name];
      return Array.isArray(values) ? values[i] : Number.NaN;
    }),
  );
}

function mapMeasures(
  report: PerMember<EpochReport>,
  to: (values: readonly unknown[], name: keyof EpochReport) => unknown,
): PerMember<EpochReport> {
  const entries = Object.entries(report).map(([name, value]) => [
    name,
    Array.isArray(value) ? to(value, name as keyof EpochReport) : value,
  ]);
  return Object.fromEntries(entries);
}
