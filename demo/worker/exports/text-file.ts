import type { Frame } from '../../contract/protocol.js';

/** Returns a text as a file. */
export function textFile(name: string, type: string, text: string): NonNullable<Frame['files']>[number] {
  return { name, type, bytes: new TextEncoder().encode(text) };
}
