import { describe, expect, test } from 'vitest';
import type { OpDefinition, RandomOpDefinition } from '../../src/ops/define-op.js';
import { constant } from '../../src/ops/leaves.js';
import { abs, add, type DefinedOp, defineOp, defineRandomOp, divide, greater, multiply } from '../../src/ops.js';
import { createReferenceEngine } from '../../src/reference/reference-engine.js';
import type { Report } from '../../src/verify/report.js';
import { verifyOp } from '../../src/verify/verify.js';
import { testRefusals } from '../errors/refusals.js';
import { sharedEngine } from '../gpu/stored.js';
import { SOFTSIGN } from '../ops/own-parts.js';

const engine = await sharedEngine();

/** a·b² */
const cone: OpDefinition = {
  name: 'cone',
  wgsl: 'fn cone(a: vec4f, b: vec4f) -> vec4f { return a * b * b; }',
  value: (a, b) => a * b * b,
  gradient: (dy, _y, [a, b]) => [
    multiply(dy, multiply(b, b)),
    multiply(dy, multiply(constant(a.trace, 2), multiply(a, b))),
  ],
  ulps: 3,
  draw: [(r) => r.uniform(-3, 3), (r) => r.uniform(-3, 3)],
};
const coin: RandomOpDefinition = {
  name: 'coin',
  wgsl: `fn coin(x: vec4f, at: Place, source: u32) -> vec4f {
    return select(x, vec4f(0), random_words(at, source, 2u) < vec4u(0x80000000u));
  }`,
  value: (word, x) => (word(2) < 2 ** 31 ? 0 : x),
};

/** The failed checks of an op, with the first problem of each. */
async function failures(op: DefinedOp): Promise<string[]> {
  const report = await verifyOp(engine, op, { seed: 3 });
  return report.checks.filter(({ passed }) => !passed).map(({ name, problems }) => `${name}: ${problems[0]}`);
}

describe('ops that are right', () => {
  test.each([
    ['softsign', defineOp(SOFTSIGN), 4],
    ['cone', defineOp(cone), 4],
    ['coin', defineRandomOp(coin), 3],
  ] as const)('%s holds', async (name, op, checks) => {
    const report = await verifyOp(engine, op, { seed: 3 });
    expect(report.verdict).toMatch(new RegExp(`^holds: ${checks} checks, `));
    expect(report.checks.map((check) => check.name)).toEqual(
      [
        `${name} of drawn inputs`,
        `${name} of special inputs`,
        `${name} riding on a product`,
        `gradient of ${name}`,
      ].slice(0, checks),
    );
  });

  test('a kink is kept out of the differences, and told if it was not declared', async () => {
    const positive: OpDefinition = {
      name: 'positive',
      wgsl: 'fn positive(x: vec4f) -> vec4f { return select(x, vec4f(0), x < vec4f(0)); }',
      value: (x) => (x < 0 ? 0 : x),
      gradient: (dy, _y, [x]) => [multiply(dy, greater(x, constant(x.trace, 0)))],
    };
    expect(await failures(defineOp({ ...positive, kink: ([x]) => x }))).toEqual([]);
    expect(await failures(defineOp(positive))).toEqual([
      'gradient of positive: the gradient of positive by x at x = 0 is 0, differences give 0.5',
    ]);
  });
});

describe('ops that are wrong, each reported by name', () => {
  test.each([
    [
      'a wrong gradient',
      defineOp({ ...SOFTSIGN, gradient: (dy, _y, [x]) => [divide(dy, add(abs(x), constant(x.trace, 1)))] }),
      [/^gradient of softsign: the gradient of softsign by x at x = \S+ is \S+, differences give \S+$/],
    ],
    [
      'wrong WGSL',
      defineOp({ ...SOFTSIGN, wgsl: 'fn softsign(x: vec4f) -> vec4f { return x / (1.0 + x); }' }),
      [/^softsign of drawn inputs: softsign\(x = -\S+\) is \S+, not \S+ ± \S+$/, /special/, /riding/],
    ],
    [
      'a bound that is too small',
      defineOp({ ...SOFTSIGN, ulps: 0.1 }),
      [/^softsign of drawn inputs: softsign\(x = \S+\) is \S+, not \S+ ± \S+$/, /special/],
    ],
    [
      'operands in the wrong order',
      defineOp({ ...cone, wgsl: 'fn cone(b: vec4f, a: vec4f) -> vec4f { return a * b * b; }' }),
      [/^cone of drawn inputs: cone\(b = \S+, a = \S+\) is \S+, not \S+ ± \S+$/, /special/, /riding/],
    ],
    [
      'another draw of random words',
      defineRandomOp({ ...coin, value: (word, x) => (word(1) < 2 ** 31 ? 0 : x) }),
      [/^coin of drawn inputs: coin\(x = \S+\) is \S+, not \S+ ± \S+$/, /special/, /riding/],
    ],
  ])('%s', async (_what, op, wanted) => {
    const found = await failures(op);
    expect(found).toEqual(wanted.map((pattern) => expect.stringMatching(pattern)));
  });
});

test('the report says how to repeat a check', async () => {
  const op = defineOp({ ...SOFTSIGN, wgsl: 'fn softsign(x: vec4f) -> vec4f { return x; }' });
  const report: Report = await verifyOp(engine, op, { seed: 3 });
  expect(report.passed).toBe(false);
  expect(`${report}`).toContain('again: verifyOp(engine, softsign, { seed: 3 })');
});

testRefusals({
  'TypeError: verifyOp: op must be made by defineOp or defineRandomOp, got a function': () =>
    verifyOp(engine, (() => {}) as never),
  'TypeError: verifyOp: op must be made by defineOp or defineRandomOp, got 1': () => verifyOp(engine, 1 as never),
  "TypeError: verifyOp: unknown option 'steps'; known: seed, seconds, host, signal, onProgress": () =>
    verifyOp(engine, defineOp(SOFTSIGN), { steps: 1 } as never),
  'EngineError of kind unsupported: verifyOp: it verifies a GPU; this engine is the CPU reference itself': () =>
    verifyOp(createReferenceEngine(), defineOp(SOFTSIGN)),
});
