import { expect, test } from 'vitest';
import { sharedEngine } from './stored.js';

/** Software adapters round as the CPU does, to the nearest, and fuse nothing; NaN is kept by no comparison and no product (2026-11). */
const BOTH = {
  fusesMultiplyAdd: false,
  roundsToNearest: true,
  comparesNan: false,
  maxKeepsNan: false,
  differenceMakesNan: true,
  productKeepsNan: false,
};
const KNOWN = {
  llvmpipe: { ...BOTH, keepsSubnormals: true },
  SwiftShader: { ...BOTH, keepsSubnormals: false },
};

test('the probe finds what is known of software adapters', async ({ skip }) => {
  const engine = await sharedEngine();
  const { adapter } = engine.info;
  const probe = await engine.probe();
  const name = (['llvmpipe', 'SwiftShader'] as const).find((each) => adapter.includes(each));
  skip(!name, 'what this GPU does is for the probe to say');
  expect(probe).toEqual(name && KNOWN[name]);
});
