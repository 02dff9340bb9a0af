/** Messages of the page to the worker. */
export type ToWorker = { kind: 'train'; x: Float32Array; y: Float32Array; epochs: number } | { kind: 'stop' };

/** Messages of the worker to the page. */
export type FromWorker =
  | { kind: 'epoch'; epoch: number; loss: number }
  | { kind: 'trained'; bytes: Uint8Array<ArrayBuffer> }
  | { kind: 'failed'; message: string };
