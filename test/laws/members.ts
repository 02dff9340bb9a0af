import fc from 'fast-check';
import type { Key } from '../../src/random/philox.js';
import { type Network, traceNetwork } from '../steps/networks.js';
import type { Member } from '../steps/step-run.js';

/** A member's seed, and the factor by which its hyper-parameters are smaller than the network's. */
export interface MemberRecipe {
  readonly seed: Key;
  readonly factor: number;
}

const word = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 0xffffffff }));
const member: fc.Arbitrary<MemberRecipe> = fc.record({
  seed: fc.tuple(word, word),
  factor: fc.constantFrom(1, 0.9, 0.5, 0.1),
});

/** One to `most` members. */
export const members = (most: number) => fc.array(member, { minLength: 1, maxLength: most });

/** A member of a network: every hyper-parameter stays in its range when it becomes smaller. */
export function memberOf(network: Network, { seed, factor }: MemberRecipe): Member {
  const { hyper } = traceNetwork(network).model;
  return { seed, hyper: Object.fromEntries(Object.entries(hyper).map(([name, value]) => [name, value * factor])) };
}
