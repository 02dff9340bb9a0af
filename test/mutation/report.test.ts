import { expect, test, vi } from 'vitest';
import { type Outcome, printReport } from './report.js';

const mutant = (what: string, suite?: string, verification?: string): Outcome => {
  return {
    id: 0,
    group: 'hand-made',
    file: 'shaders/x.wgsl',
    kind: 'hand-made',
    what,
    invalid: false,
    suite,
    verification,
  };
};

test('mutants that only a time limit noticed are named', () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  const late = 'time: load has not ended after 600 s';
  const wrong = 'verifyEngine: matmul-nn: FAILS';
  printReport([mutant('a', late, late), mutant('b', undefined, late), mutant('c', late, wrong), mutant('d')], 4, false);
  const text = log.mock.calls.map(([line]) => String(line)).join('\n');
  log.mockRestore();
  expect(text).toContain('noticed by a time limit alone: 2; on a busy machine they prove nothing\n  a\n  b\n');
  expect(text).toContain('noticed by nobody: 1, of which 0 are listed');
});
