import type { GpuEngine } from '../gpu/engine.js';
import type { ArithmeticProbe } from '../gpu/probe.js';

/** Limits that decide what fits and how fast it may be. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
] as const;

/** The device and host of a verification, and the arithmetic that WGSL leaves open. */
export interface Environment {
  readonly adapter: string;
  readonly vendor: string;
  readonly architecture: string;
  /** The driver's own description; browsers may leave it empty. */
  readonly device: string;
  readonly description: string;
  /** The adapter computes on the CPU. */
  readonly software: boolean;
  /** The browser, or the program that offers WebGPU. */
  readonly host: string;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  readonly arithmetic: ArithmeticProbe;
  /** Every variant of every kernel gave the same bits; null if fewer than two of one were checked. */
  readonly variantsAgree: boolean | null;
  /** ISO 8601. */
  readonly date: string;
}

/** Returns the environment of an engine; `host` names what runs it, where no browser does. */
export async function environmentOf(
  engine: GpuEngine,
  host: string | undefined,
): Promise<Omit<Environment, 'variantsAgree'>> {
  const { device, info } = engine;
  const { device: name = '', description = '' } = device.adapterInfo ?? {};
  return {
    adapter: info.adapter,
    vendor: info.vendor,
    architecture: info.architecture,
    device: name,
    description,
    software: info.software,
    host: host ?? globalThis.navigator?.userAgent ?? 'unknown',
    features: [...device.features].sort(),
    limits: Object.fromEntries(LIMITS.map((limit) => [limit, device.limits[limit]])),
    arithmetic: await engine.probe(),
    date: new Date().toISOString(),
  };
}

/** The sections of a verification, in their order. */
export const SECTIONS = ['randomness', 'kernels', 'gradients', 'steps'] as const;
export type Section = (typeof SECTIONS)[number];

/** The element with the largest error, as a share of what its derived bound allows. */
export interface WorstElement {
  /** Tensor, row and column, and the shape or the step at which it was seen. */
  readonly where: string;
  /** In JSON null if it is not finite. */
  readonly got: number;
  readonly want: number;
  /** |got - want| may be at most this. */
  readonly allowed: number;
  /** |got - want| / allowed; in JSON null if it is infinite. */
  readonly used: number;
}

/** A call that repeats a check alone, such as `verifyOp(engine, softsign, options)`. */
export interface Repetition {
  readonly call: 'verifyEngine' | 'verifyOp' | 'verify';
  /** The op that `verifyOp` checks. */
  readonly op?: string;
  /** Plain data; a batch of the caller's must be given again. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** The text of a call that repeats a check. */
export function callText({ call, op, options }: Repetition): string {
  const value = (given: unknown): string => {
    if (typeof given === 'string') return `'${given}'`;
    if (Array.isArray(given)) return `[${given.map(value).join(', ')}]`;
    if (typeof given === 'object' && given !== null) return `{ ${pairs(given)} }`;
    return String(given);
  };
  const pairs = (given: object) =>
    Object.entries(given)
      .map(([name, each]) => (name === 'batch' ? 'batch' : `${name}: ${value(each)}`))
      .join(', ');
  return `${call}(${call === 'verify' ? 'trainer' : 'engine'}${op === undefined ? '' : `, ${op}`}, { ${pairs(options)} })`;
}

/** One check and its outcome. */
export interface Check {
  readonly section: Section;
  readonly name: string;
  readonly passed: boolean;
  /** Elements, words or bits that were compared. */
  readonly compared: number;
  /** Elements that were not compared, because the reference or its bound passes float32's largest number. */
  readonly unchecked: number;
  readonly worst?: WorstElement | undefined;
  /** Facts worth knowing that are no failures. */
  readonly notes: readonly string[];
  /** Everything that is wrong, in the order in which it was found. */
  readonly problems: readonly string[];
  /** The call that repeats this check alone. */
  readonly repeat: Repetition;
}

/** The result of a verification. `toString()` is for people, JSON for machines. */
export interface Report {
  /** True if every check that was made has passed. */
  readonly passed: boolean;
  /** The outcome in one line. */
  readonly verdict: string;
  readonly environment: Environment;
  readonly checks: readonly Check[];
  /** Checks left out because the time was over or the device too small; empty if everything was checked. */
  readonly omitted: readonly string[];
  /** The seed of random shapes, batches and directions; give it again to repeat them. */
  readonly seed: number;
  readonly seconds: number;
  toString(): string;
}

/** Returns the share of the allowed error that an element has, as text. */
function usedText(used: number): string {
  if (used > 1) return `${Number.isFinite(used) ? used.toPrecision(3) : 'infinitely many'} times what is allowed`;
  return `${used < 0.005 && used > 0 ? '< 1' : (100 * used).toFixed(0)} % of what is allowed`;
}

/** Returns the outcome in one line. */
export function verdictOf(checks: readonly Check[], omitted: readonly string[]): string {
  const failed = checks.filter(({ passed }) => !passed);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const left = omitted.length ? `; not checked: ${omitted.join(', ')}` : '';
  if (failed.length) {
    const [first] = failed;
    return `FAILS: ${failed.length} of ${count(checks.length, 'check')}, first ${first.section}, ${first.name}: ${first.problems[0]}${left}`;
  }
  if (checks.length === 0) return `nothing was checked${left}`;
  const compared = checks.reduce((sum, check) => sum + check.compared, 0);
  const unchecked = checks.reduce((sum, check) => sum + check.unchecked, 0);
  const overflow = `${unchecked.toLocaleString('en')} elements may overflow float32 and are not checked`;
  const worst = Math.max(0, ...checks.map((check) => check.worst?.used ?? 0));
  const most = `largest error: ${usedText(worst)}`;
  const all = `${count(checks.length, 'check')}, ${compared.toLocaleString('en')} elements compared, ${most}`;
  const [open, ...others] = checks.filter((check) => check.unchecked > check.compared);
  if (!open) return `holds: ${all}${unchecked ? `; ${overflow}` : ''}${left}`;
  const more = others.length ? ` and ${count(others.length, 'other check')}` : '';
  return `holds in part: ${all}; ${overflow}, most of those of ${open.section}, ${open.name}${more}${left}`;
}

const TITLES = {
  randomness: 'Randomness: bits of the training kernels against Philox on the host',
  kernels: 'Kernels: each alone against float64, within derived bounds, twice with the same bits',
  gradients: 'Gradients: of the training step against float64, float64 against central differences',
  steps: 'Steps: every tensor of a training step against float64 from the same state',
};

/** Returns a report as text. */
export function reportText(report: Omit<Report, 'toString'>): string {
  const { environment, checks, verdict, seed, seconds } = report;
  const lines = ['Environment', ...environmentLines(environment)];
  for (const section of SECTIONS) {
    const own = checks.filter((check) => check.section === section);
    if (own.length)
      lines.push('', TITLES[section], ...align(own.map(cells)).flatMap((line, i) => [line, ...details(own[i])]));
  }
  lines.push('', `seed ${seed}, ${seconds.toFixed(1)} s`, verdict);
  return lines.join('\n');
}

function environmentLines(environment: Environment): string[] {
  const { adapter, device, description, software, host, features, limits, arithmetic, variantsAgree, date } =
    environment;
  const { fusesMultiplyAdd, roundsToNearest, keepsSubnormals, comparesNan, maxKeepsNan } = arithmetic;
  const { differenceMakesNan, productKeepsNan } = arithmetic;
  const facts = [
    fusesMultiplyAdd ? 'multiply-add is fused' : 'multiply-add is not fused',
    roundsToNearest ? 'rounds to nearest' : 'does not always round to nearest',
    keepsSubnormals ? 'keeps subnormals' : 'flushes subnormals',
    ...(variantsAgree === null ? [] : [`variants of kernels ${variantsAgree ? 'agree' : 'differ'} in their bits`]),
  ];
  const nan = [
    `NaN != NaN ${comparesNan ? 'holds' : 'fails'}`,
    `max(NaN, 0) is ${maxKeepsNan ? 'NaN' : '0'}`,
    `Inf - Inf is ${differenceMakesNan ? 'NaN' : 'a number'}`,
    `NaN * 0 is ${productKeepsNan ? 'NaN' : 'a number'}`,
  ];
  const driver = [device, description].filter((text) => text && !adapter.includes(text)).join(', ');
  return [
    `  adapter     ${adapter}${driver ? ` (${driver})` : ''}${software ? ', software' : ''}`,
    `  host        ${host}`,
    `  features    ${features.join(' ') || 'none'}`,
    ...Object.entries(limits).map(([name, value], i) => `${i ? '              ' : '  limits      '}${name} ${value}`),
    `  arithmetic  ${facts.join('; ')}`,
    `              ${nan.join('; ')}`,
    `  date        ${date}`,
  ];
}

/** The cells of a check's line: passed or not, name, elements compared, largest error. */
function cells({ passed, name, compared, unchecked, worst }: Check): string[] {
  const nothing = passed && unchecked > 0 && !worst;
  const mark = nothing ? '  --  ' : passed ? '  ok  ' : '  FAIL';
  return [
    mark,
    name,
    compared.toLocaleString('en'),
    nothing
      ? 'not checked'
      : worst && worst.used !== 0
        ? `${usedText(worst.used)} at ${worst.where}`
        : passed
          ? 'exact'
          : 'wrong',
  ];
}

/** The lines after a check's own line. */
function details({ notes, problems, passed, repeat }: Check): string[] {
  const shown = problems.slice(0, 5);
  const more = problems.length - shown.length;
  return [
    ...notes.map((note) => `          ${note}`),
    ...shown.map((problem) => `          ${problem}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
    ...(passed ? [] : [`          again: ${callText(repeat)}`]),
  ];
}

/** Cells under one another; the third column is a number. */
function align(rows: readonly string[][]): string[] {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map(
    ([mark, name, count, rest]) => `${mark} ${name.padEnd(widths[1])}  ${count.padStart(widths[2])}  ${rest}`,
  );
}
