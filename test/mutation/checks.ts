import { ROWS_SHADERS } from '../../src/gpu/buffer-run.js';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { PROBE_SHADERS } from '../../src/gpu/probe.js';
import { KERNELS } from '../../src/kernels/every-kernel.js';
import { ownKernels } from '../../src/kernels/index.js';
import { OPS } from '../../src/ops/every-op.js';
import { KERNEL_SHADERS, LIBRARY_SHADERS } from '../../src/plan/shaders.js';
import { checkKeeping } from '../../src/verify/keeping.js';
import { caseName, KERNEL_CASES } from '../../src/verify/kernel-cases.js';
import { checkRows } from '../../src/verify/rows.js';
import { verifyEngine } from '../../src/verify/verify.js';
import type { VerifyEngineOptions } from '../../src/verify/verify-options.js';
import { sharedEngine } from '../gpu/stored.js';
import { FAST_SUITE, LEFT_OUT } from './fast-suite.js';
import { caseFingerprint, networkFingerprint } from './fingerprints.js';
import { hooks, registering, tests } from './in-process-vitest.js';

/** A check that may notice a mutant: a test of the fast suite, or a part of `verifyEngine`. */
export interface Check {
  readonly name: string;
  /** The plans on which it depends, as one number, where they are known. */
  readonly fingerprint?: (() => string) | undefined;
  /** Returns what is wrong, or undefined. */
  run(): Promise<string | undefined>;
}

/** The checks that a planted mutant has to pass, with an instance of the library of their own. */
export interface Checks {
  readonly suite: readonly Check[];
  readonly verification: readonly Check[];
  /** Shader files that have been looked at since this was last called. */
  shadersRead(): string[];
  dispose(): Promise<void>;
}

/** Seed of random shapes, operands, batches and directions. */
const SEED = 1;

const shadersRead = new Set<string>();
const TEXTS = [
  ['kernels', KERNEL_SHADERS],
  ['kernels', PROBE_SHADERS],
  ['kernels', ROWS_SHADERS],
  ['lib', LIBRARY_SHADERS],
] as const;
for (const [folder, shaders] of TEXTS) {
  const get = shaders.get.bind(shaders);
  Object.assign(shaders, {
    get(name: string) {
      shadersRead.add(`shaders/${folder}/${name}.wgsl`);
      return get(name);
    },
  });
}
for (const op of OPS) {
  if (op.kind !== 'elementwise') continue;
  const { name, wgsl } = op;
  Object.defineProperty(op, 'wgsl', {
    get() {
      shadersRead.add(`shaders/ops/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.wgsl`);
      return wgsl;
    },
  });
}

const kernels = [...KERNELS, ...OPS.flatMap((op) => (op.kind === 'structural' ? ownKernels(op) : []))];
for (const texts of new Set(kernels.flatMap(({ variants }) => variants.map(({ texts = {} }) => texts)))) {
  for (const [name, text] of Object.entries(texts)) {
    const folder = name === 'tile' ? 'lib' : 'kernels';
    const file = `shaders/${folder}/${name.replace(/(-back|-labels)+$/, '')}.wgsl`; // several kernels of one file
    Object.defineProperty(texts, name, {
      get() {
        shadersRead.add(file);
        return text;
      },
    });
  }
}

/** Loads the checks; `only` spares what the other score alone needs. */
export async function loadChecks(only: { suite: boolean; verification: boolean; quick: boolean }): Promise<Checks> {
  const engine = await sharedEngine();
  const bindings = engine.device.limits.maxStorageBuffersPerShaderStage;
  const suite = only.suite ? await suiteChecks(bindings) : { checks: [], dispose: async () => {} };
  return {
    suite: suite.checks,
    verification: only.verification ? verificationChecks(engine, only.quick, bindings) : [],
    shadersRead: () => {
      const read = [...shadersRead];
      shadersRead.clear();
      return read;
    },
    dispose: async () => {
      await suite.dispose();
      engine.dispose();
    },
  };
}

async function suiteChecks(bindings: number) {
  const imported = new Map<string, string[]>();
  for (const [file, load] of Object.entries(FAST_SUITE)) {
    shadersRead.clear();
    await registering(file, load);
    imported.set(file, [...shadersRead]);
  }
  const prepared = new Set<string>();
  const fast = tests.filter(({ name, file }) => file.includes('/plan/') || !LEFT_OUT.test(name));
  const checks = fast.map(({ name, file, run }): Check => {
    const network = name.split(/ > |: is within/)[0];
    return {
      name: `${file}: ${name}`,
      fingerprint: /gpu\/(?:steps|fusion)/.test(file) ? networkFingerprint(network, bindings) : undefined,
      run: () => {
        for (const shader of imported.get(file) ?? []) shadersRead.add(shader);
        return complaintOf(async () => {
          if (!prepared.has(file)) for (const hook of hooks.get(file)?.before ?? []) await hook();
          prepared.add(file);
          await run();
          return undefined;
        });
      },
    };
  });
  const dispose = async () => {
    for (const file of prepared) for (const hook of hooks.get(file)?.after ?? []) await hook();
  };
  return { checks, dispose };
}

/** `verifyEngine` quick in parts, so that it can stop at the first that fails; a part that throws has noticed something. */
function verificationChecks(engine: GpuEngine, quick: boolean, bindings: number): Check[] {
  const part = (name: string, options: VerifyEngineOptions, fingerprint?: () => string): Check => ({
    name: `verifyEngine: ${name}`,
    fingerprint,
    run: () =>
      complaintOf(async () => {
        const report = await verifyEngine(engine, { quick, seed: SEED, seconds: 1e9, ...options });
        return report.passed ? undefined : report.verdict;
      }),
  });
  const keeping: Check = {
    name: 'verifyEngine: keep and flags',
    run: () => complaintOf(async () => (await checkKeeping(engine, SEED)).problems[0]),
  };
  const rows: Check = {
    name: 'verifyEngine: rows of buffers',
    run: () => complaintOf(async () => (await checkRows(engine, SEED)).problems[0]),
  };
  const cases = KERNEL_CASES.map((of) =>
    part(caseName(of), { kernel: caseName(of) }, caseFingerprint(of, SEED, quick, bindings)),
  );
  return [
    part('gradients and steps', { sections: ['gradients', 'steps'] }),
    keeping,
    rows,
    part('randomness', { sections: ['randomness'] }),
    ...cases,
  ];
}

/** Returns what `run` returns, or the message of what it throws. */
async function complaintOf(run: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await run();
  } catch (error) {
    return error instanceof Error ? error.message || error.name : String(error);
  }
}
