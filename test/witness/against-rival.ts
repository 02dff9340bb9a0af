import { afterAll, describe, expect, test } from 'vitest';
import { createEngine } from '../../src/index.js';
import { type Name, NETWORKS } from './cases.js';
import type { Accuracy } from './float32.js';
import type { Network, Parameters } from './network64.js';
import { textbook, trainWgrad } from './trainings.js';
import { between, type Trajectory } from './trajectory.js';

/** The optimizers that rivals have too. */
export type Shared = Exclude<Name, 'sgdw' | 'adamw'>;

/** An engine of somebody else, and how accurate it is. */
export interface Rival {
  readonly engine: string;
  /** Trains on the batches of a network, with Keras' own L2, λ · Σw². */
  train(network: Network, optimizer: Shared, start: Parameters): Trajectory | Promise<Trajectory>;
  /** Neither wgrad nor the rival is less accurate than this. */
  readonly accuracy: Accuracy;
  /** Largest error that the rival makes in the loss of all examples alike. Default 0. */
  readonly lossError?: number;
}

/** Tests that a rival and wgrad come to the same in 100 steps, and that another λ of the rival's would be seen. */
export async function testAgainst({ engine: name, train, accuracy, lossError = 0 }: Rival): Promise<void> {
  const engine = await createEngine();
  afterAll(() => engine.dispose());

  describe.each(NETWORKS.map((network) => [network.name, network] as const))('%s', (_, network) => {
    test.each(['sgd', 'momentum', 'nesterov', 'adam'] as const)(`%s: ${name} and wgrad agree`, async (optimizer) => {
      const wgrad = await trainWgrad(engine, network, optimizer);
      const rival = await train(network, optimizer, wgrad.start);
      // Both may be off, each its own way.
      const { allowed } = textbook(network, optimizer, wgrad.start, accuracy);
      const away = between(wgrad, rival);
      expect(allowed.flipped).toBe(false);
      expect(away.objective, away.where).toBeLessThanOrEqual(2 * allowed.objective + lossError);
      expect(away.parameter, away.where).toBeLessThanOrEqual(2 * allowed.parameter);
    });

    test("the rival's λ is that of 'sum' and of no other convention", async () => {
      const wgrad = await trainWgrad(engine, network, 'sgd');
      const { allowed } = textbook(network, 'sgd', wgrad.start, accuracy);
      for (const factor of [0, 1 / 2, 2, 1 / network.batchSize]) {
        const rival = await train({ ...network, strength: factor * network.strength }, 'sgd', wgrad.start);
        expect(between(wgrad, rival).parameter).toBeGreaterThan(100 * allowed.parameter);
      }
    });
  });
}
