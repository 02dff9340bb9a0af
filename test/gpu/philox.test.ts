import { expect, test } from 'vitest';
import { checkPhilox } from '../../src/verify/randomness.js';
import { sharedEngine } from './stored.js';

test('philox.wgsl gives the known answers, and the words of the host everywhere else', async () => {
  const engine = await sharedEngine();
  expect((await checkPhilox(engine, 1)).problems).toEqual([]);
});
