import type { Check, Checks } from './checks.js';
import type { World } from './world.js';

export const SCORES = ['suite', 'verification'] as const;
export type Score = (typeof SCORES)[number];

/** A change to plant: a new text for a whole file, or a replacement in every final WGSL text of a dispatch. */
export type Plant =
  | { readonly file: string; readonly text: string }
  | { readonly search: string; readonly pattern: boolean; readonly replacement: string; readonly only: string };

/** A mutant's trial for some scores. */
export interface TrialRequest {
  readonly id: number;
  readonly scores: readonly Score[];
  readonly plant: Plant;
  readonly quick: boolean;
}

/** The result of a trial: who noticed what, or nobody; `invalid` if WebGPU or the parser refuses the text. */
export interface TrialResult {
  readonly id: number;
  readonly score: Score;
  readonly noticed?: string | undefined;
  readonly invalid?: boolean | undefined;
}

/** Facts about a check, from a run without a mutant. */
export interface CheckFacts {
  readonly seconds: number;
  /** Shader files that it looks at. */
  readonly shaders: readonly string[];
  readonly fingerprint?: string | undefined;
}
export type Facts = Readonly<Record<string, CheckFacts>>;

/** A worker's knowledge of checks: facts, and how many mutants each has noticed; `alive` hears which one runs. */
export interface Known {
  readonly facts: Facts;
  readonly kills: Map<string, number>;
  readonly alive: (name: string) => void;
}

/** WebGPU's refusal of a text. */
const REFUSED = /WebGPU refuses it|Error while parsing WGSL|Invalid ShaderModule|Tint WGSL/;

/** Runs everything without a mutant. @throws Error if anything is noticed */
export async function survey(world: World, quick: boolean, alive: (name: string) => void): Promise<Facts> {
  const facts: Record<string, CheckFacts> = {};
  const checks = await world.plant({}, { suite: true, verification: true, quick });
  for (const check of [...checks.suite, ...checks.verification]) {
    alive(check.name);
    checks.shadersRead();
    const start = performance.now();
    const noticed = await check.run();
    const seconds = (performance.now() - start) / 1000;
    if (noticed !== undefined) throw new Error(`mutate: without a mutant ${check.name} fails: ${noticed}`);
    facts[check.name] = { seconds, shaders: checks.shadersRead(), fingerprint: check.fingerprint?.() };
  }
  await checks.dispose();
  return facts;
}

/**
 * Makes the trial of one mutant: for each score the checks that may notice it, the likely and quick ones first, up to the
 * first that does. Tells each result as soon as it is there.
 */
export async function tryMutant(
  world: World,
  { id, scores, plant, quick }: TrialRequest,
  known: Known,
  tell: (result: TrialResult) => void,
): Promise<void> {
  const planting = 'file' in plant ? plant : { wgsl: (text: string) => changed(text, plant) };
  known.alive('load');
  let checks: Checks;
  try {
    checks = await world.plant(planting, {
      suite: scores.includes('suite'),
      verification: scores.includes('verification'),
      quick,
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const invalid = /PARSE_ERROR|Parse failed|Unexpected token|Transform failed/.test(message);
    for (const score of scores) tell({ id, score, noticed: `it cannot be loaded: ${message}`, invalid });
    return;
  }
  try {
    for (const score of scores) tell({ id, score, ...(await noticedBy(checks[score], plant, known)) });
  } finally {
    await checks.dispose().catch(() => {});
  }
}

/** Runs the checks up to the first that notices the change. */
async function noticedBy(
  checks: readonly Check[],
  plant: Plant,
  known: Known,
): Promise<{ noticed?: string; invalid?: boolean }> {
  const { facts, kills, alive } = known;
  const planned = 'file' in plant && plant.file.endsWith('.ts');
  for (const check of inOrder(checks, plant, known)) {
    alive(check.name);
    if (planned && check.fingerprint && check.fingerprint() === facts[check.name]?.fingerprint) continue;
    const noticed = await check.run();
    if (noticed === undefined) continue;
    kills.set(check.name, (kills.get(check.name) ?? 0) + 1);
    const invalid = 'file' in plant && plant.file.endsWith('.wgsl') && REFUSED.test(noticed);
    return { noticed: `${check.name}: ${noticed.split('\n')[0].slice(0, 160)}`, invalid };
  }
  return {};
}

/** Checks that look at what is mutated; those that have noticed much in little time go first. */
function inOrder(checks: readonly Check[], plant: Plant, { facts, kills }: Known): Check[] {
  const shader = 'file' in plant && plant.file.endsWith('.wgsl') ? plant.file : undefined;
  const relevant = checks.filter(({ name }) => !shader || (facts[name]?.shaders.includes(shader) ?? true));
  const meant = ({ name }: Check) => ('only' in plant && plant.only ? name.includes(plant.only.split(' ')[0]) : false);
  const worth = ({ name }: Check) => ((kills.get(name) ?? 0) + 0.5) / ((facts[name]?.seconds ?? 1) + 0.05);
  return [...relevant].sort((a, b) => Number(meant(b)) - Number(meant(a)) || worth(b) - worth(a));
}

function changed(text: string, { search, pattern, replacement, only }: Exclude<Plant, { file: string }>): string {
  if (!text.startsWith(`// ${only}`)) return text;
  return text.replaceAll(pattern ? new RegExp(search, 'g') : search, replacement);
}
