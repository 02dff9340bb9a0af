import fc from 'fast-check';
import { test } from 'vitest';

const { WGRAD_CASES = '12', WGRAD_SEED } = import.meta.env as Readonly<Record<string, string | undefined>>;

/** Random cases of each law, from the environment variable WGRAD_CASES; Node and Chromium draw their own. */
export const CASES = Number(WGRAD_CASES);

/** True in `npm run test:all`: every combination is run. False: each value of every option, in turn. */
export const THOROUGH = CASES >= 100;

/** Seed of the cases, from the environment variable WGRAD_SEED; by default a new one for every run. */
const SEED = WGRAD_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(WGRAD_SEED);

/** For the slowest law on a busy machine that has compiled nothing yet; shrinking a counterexample included. */
const MILLISECONDS = 60_000 + 4_000 * CASES;

/**
 * A test that `check` finds nothing to complain about, whatever is drawn. Its name holds the seed, so that even a run that
 * crashes can be repeated; a failure also names the smallest counterexample and the path to it. `pardon` may name a reason
 * for which the law does not hold on this device.
 * @param cases random cases; fewer where each compiles shaders of its own
 */
export function law<T>(
  name: string,
  drawn: fc.Arbitrary<T>,
  check: (drawn: T) => Promise<readonly string[]>,
  pardon: () => string | undefined = () => undefined,
  cases = CASES,
): void {
  test(`${name} (seed ${SEED})`, { timeout: MILLISECONDS + 10_000 }, async ({ skip }) => {
    skip(pardon() !== undefined, pardon());
    const property = fc.asyncProperty(drawn, async (each) => {
      const complaints = await check(each);
      if (complaints.length) throw new Error(complaints.slice(0, 3).join('\n'));
    });
    await fc.assert(property, {
      numRuns: cases,
      seed: SEED,
      interruptAfterTimeLimit: MILLISECONDS,
      markInterruptAsFailure: true,
    });
  });
}
