import type { Trainer } from 'wgrad';

/** Returns the first 12 hex digits of the SHA-256 of all weights, in order. */
export async function weightsHash(network: Pick<Trainer, 'weights'>): Promise<string> {
  const bytes = new Blob((await network.weights()).map(({ data }) => new Float32Array(data)));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await bytes.arrayBuffer()));
  return Array.from(hash.subarray(0, 6), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
