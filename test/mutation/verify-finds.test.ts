import { beforeAll, expect, test } from 'vitest';
import type { GpuEngine } from '../../src/gpu/engine.js';
import { callText } from '../../src/verify/report.js';
import { verifyEngine } from '../../src/verify/verify.js';
import type { VerifyEngineOptions } from '../../src/verify/verify-options.js';
import { sharedEngine } from '../gpu/stored.js';
import { mutantEngine } from './mutant-engine.js';

let engine: GpuEngine;
beforeAll(async () => {
  engine = await sharedEngine();
});

const sum = /^m=\d+,n=\d+, alone: y\[0, \d+\] is .*, not .* ± .* times the bound\)$/;

/** Bugs by the check that must find them: the text that is replaced, the replacement, and the problem that is found. */
const BUGS: readonly (readonly [check: string, search: string, replacement: string, problem: RegExp])[] = [
  ['randomness', '0xD2511F53u', '0xD2511F55u', /^known answers \(got, want\): word 0 of 12 is /],
  ['map dropout', 'at.row + table[source + 7u]', 'at.row + 1u + table[source + 7u]', /^m=\d+,n=\d+, alone: y\[/],
  ['sum-rows', 'row < dims.m', 'row + 1u < dims.m', sum],
  ['keep and flags', '== vec4u(0x7F800000u)', '== vec4u(0x7F700000u)', /^member 3 flagged undefined, not large$/],
  [
    'keep and flags',
    'atomicLoad(&seen) != 0u',
    'atomicLoad(&seen) == 7u',
    /^member 3 has kept .*, ended undefined, not /,
  ],
  ['keep and flags', 'mean > dims.tolerance', 'mean > 9.0 * dims.tolerance', /^member 1 has kept slot .*, not slot /],
  ['keep and flags', 'first + i / dims.tiles', 'first + i * dims.tiles', /^member \d has kept slot .*, not slot /],
  ['keep and flags', 'i % dims.tiles', '0u', /^member \d has kept slot .*, not slot /],
  ['rows of buffers', 'dims.first + i / quads', 'i / quads', /^pad-rows, rows=7,cols=8 from 14 of 21 /],
  ['rows of buffers', 'dims.first * dims.cols', '0u * dims.cols', /^unpad-rows, rows=7,cols=8 from 14 of 21 /],
  ['rows of buffers', '4u * (i % quads) + c', '4u * (id.x % quads) + c', /^pad-rows, rows=33,cols=9 /],
  ['rows of buffers', 'let col = i % dims.cols', 'let col = id.x % dims.cols', /^unpad-rows, rows=33,cols=9 /],
  ['rows of buffers', 'start + col < values', 'true', /^pad-rows, rows=16,cols=3 /],
  ['rows of buffers', 'i < end', 'i <= end', /^unpad-rows, rows=3,cols=5 from 0 of 10 /],
  ['rows of buffers', 'padded[dims.base + i', 'padded[i', /^(un)?pad-rows, rows=3,cols=5 /],
  ['keep and flags', 'i < end; i += LANES', 'i <= end; i += LANES', /^large of member \d after going back /],
  ['keep and flags', 'if (slot == 0u)', 'if (slot == 7u)', /^large of member \d after going back /],
];

test.each(BUGS)('the check %s finds that %s is %s', async (check, search, replacement, problem) => {
  let changed = false;
  const mutant = mutantEngine(engine, (wgsl) => {
    changed ||= wgsl.includes(search);
    return wgsl.replaceAll(search, replacement);
  });
  const only: VerifyEngineOptions = check === 'randomness' ? { sections: [check] } : { kernel: check };
  const report = await verifyEngine(mutant, { quick: true, seed: 3, ...only });
  expect(changed).toBe(true);
  expect(report.passed).toBe(false);
  expect(report.verdict).toMatch(/^FAILS: \d+ of \d+ checks?, first (randomness|kernels), /);
  expect(`${report}`).not.toMatch(/^ {2}FAIL .* exact$/m);
  const problems = report.checks.flatMap((each) => each.problems);
  expect(
    problems.some((each) => problem.test(each)),
    problems.join('\n'),
  ).toBe(true);
});

test('a failure tells the call that repeats it alone', async () => {
  const mutant = mutantEngine(engine, (wgsl) => wgsl.replace('row < dims.m', 'row + 1u < dims.m'));
  const report = await verifyEngine(mutant, { quick: true, kernel: 'sum-rows', seed: 3 });
  const [{ repeat }] = report.checks;
  const call = "verifyEngine(engine, { kernel: 'sum-rows', variant: 'direct', shape: { m: 1, n: 1 }, seed: 3 })";
  expect(callText(repeat)).toBe(call);
  expect(`${report}`).toContain(`          again: ${call}`);
  const again = await verifyEngine(mutant, repeat.options);
  expect(again.checks[0].problems[0]).toBe(report.checks[0].problems[0]);
});

test('a shader that WebGPU refuses is a failure, and the rest is checked', async () => {
  const mutant = mutantEngine(engine, (wgsl) => wgsl.replace('fn softplus(', 'fn softminus('));
  const report = await verifyEngine(mutant, { quick: true, kernel: 'map', seconds: 600 });
  expect(report.checks.length).toBeGreaterThan(20);
  const failed = report.checks.filter(({ passed }) => !passed);
  expect(failed.map(({ name }) => name)).toEqual(['map softplus']);
  expect(failed[0].problems[0]).toMatch(/^shader map direct \+ softplus: WebGPU refuses it/);
});

test('variants whose bits differ are told apart, and the call that repeats it runs all of them', async ({ skip }) => {
  skip((await engine.probe()).fusesMultiplyAdd, 'a device that fuses may do so in one text and not in another');
  // A sum that is rounded once more is within its bound.
  const mutant = mutantEngine(engine, (wgsl) =>
    wgsl.startsWith('// matmul-nn thin')
      ? wgsl.replace(/store_y\((.*), sum\);/, 'store_y($1, sum * 1.0000001);')
      : wgsl,
  );
  const report = await verifyEngine(mutant, { quick: true, kernel: 'matmul-nn', seed: 3 });
  const wrong = report.checks.filter(({ passed }) => !passed);
  expect(wrong.map(({ name }) => name)).toEqual(['matmul-nn thin']);
  const [thin] = wrong;
  expect(thin.problems).toEqual(['the bits are not those of direct']);
  expect(report.environment.variantsAgree).toBe(false);
  expect(thin.repeat.options).toMatchObject({ kernel: 'matmul-nn', shape: expect.anything(), seed: 3 });
  const again = await verifyEngine(mutant, thin.repeat.options);
  expect(again.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(['matmul-nn thin']);
});
