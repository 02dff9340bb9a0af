import { refusals } from '../../words/words.js';

/** Largest unpacked file; more would keep the page waiting. */
export const MOST_BYTES = 2 ** 26;

/** Returns the bytes, unpacked if they are gzipped; a server may have unpacked them already. */
export async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  let length = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      length += chunk.length;
      if (length > MOST_BYTES) controller.error(new RangeError());
      else controller.enqueue(chunk);
    },
  });
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).pipeThrough(counted);
  try {
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    if (length > MOST_BYTES) throw new Error(refusals.tooLargeUnpacked(MOST_BYTES / 2 ** 20), { cause });
    throw new Error(refusals.damagedGzip, { cause });
  }
}
