import { EngineError } from '../errors/engine-error.js';

/** A table as it is given: text, bytes, or a file that is read piece by piece. */
export type TableSource = string | Uint8Array | ArrayBuffer | Blob;

/** The first bytes of a file of each kind. */
const MAGIC = {
  gzip: [0x1f, 0x8b],
  parquet: [0x50, 0x41, 0x52, 0x31],
  zip: [0x50, 0x4b, 3, 4],
  xls: [0xd0, 0xcf, 0x11, 0xe0],
} as const;

/** Largest size that a packed file may unpack to. A file of this size holds over 10^8 numbers. */
const MOST_UNPACKED_BYTES = 2 ** 33;

/** Is told how many bytes of a file were read, and how many there are. */
type Progress = (read: number, bytes: number) => void;

/** Returns the source as a Blob, which can be read piece by piece and more than once. */
export function blobOf(source: Exclude<TableSource, string>): Blob {
  return source instanceof Blob ? source : new Blob([source as BlobPart]);
}

/** Returns true if a file begins with the bytes of a kind. */
export async function isOfKind(blob: Blob, kind: keyof typeof MAGIC): Promise<boolean> {
  const head = new Uint8Array(await blob.slice(0, 4).arrayBuffer());
  return MAGIC[kind].every((byte, i) => head[i] === byte);
}

/** Bytes that are read at once. */
const PIECE = 2 ** 16;

/** Yields the bytes of a file, unpacked if it is gzip. @throws EngineError of kind `format` for a damaged packed file */
async function* bytesOf(blob: Blob, onProgress?: Progress): AsyncGenerator<Uint8Array> {
  let read = 0;
  const count = (piece: Uint8Array) => {
    read += piece.length;
    onProgress?.(read, blob.size);
  };
  if (!(await isOfKind(blob, 'gzip'))) {
    for await (const piece of piecesOf(blob.stream())) {
      count(piece);
      yield piece;
    }
    return;
  }
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      count(piece);
      controller.enqueue(piece);
    },
  });
  const stream = blob.stream().pipeThrough(counter);
  let unpacked = 0;
  try {
    for await (const piece of piecesOf(stream.pipeThrough(new DecompressionStream('gzip')))) {
      unpacked += piece.length;
      if (unpacked > MOST_UNPACKED_BYTES) break;
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('format', `table: the gzip file is damaged after ${unpacked} unpacked bytes`, { cause });
  }
  if (unpacked > MOST_UNPACKED_BYTES) {
    throw new EngineError('format', `table: the gzip file unpacks to more than ${MOST_UNPACKED_BYTES} bytes`);
  }
}

/** Yields the bytes of a stream in pieces that take little time: Node reads bytes in memory as one. */
async function* piecesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader(); // not every browser can iterate over a stream
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      for (let at = 0; at < next.value.length; at += PIECE) yield next.value.subarray(at, at + PIECE);
    }
  } finally {
    reader.cancel().catch(() => {}); // it may have failed already
  }
}

/** The encodings that are recognised. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * Returns the encoding of a text by its first bytes: a byte order mark, or the zero bytes that UTF-16 has in plain text.
 * UTF-8 is only a guess: `textOf` throws WrongEncoding where it is wrong.
 */
export async function encodingOf(blob: Blob): Promise<Encoding> {
  for await (const head of bytesOf(blob)) {
    if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
    if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
    const first = head.subarray(0, 512);
    const zeros = (odd: number) => first.filter((byte, i) => byte === 0 && i % 2 === odd).length;
    if (zeros(1) > first.length / 4) return 'utf-16le';
    if (zeros(0) > first.length / 4) return 'utf-16be';
    break;
  }
  return 'utf-8';
}

/** The bytes of a file are no text of the encoding. */
export class WrongEncoding extends Error {}

/** Yields the text of a file, without its byte order mark. @throws WrongEncoding if its bytes are not of the encoding */
export async function* textOf(blob: Blob, encoding: Encoding, onProgress?: Progress): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (piece?: Uint8Array) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (cause) {
      throw new WrongEncoding(`no ${encoding}`, { cause });
    }
  };
  for await (const piece of bytesOf(blob, onProgress)) yield decode(piece);
  yield decode();
}

/** Returns true if the first bytes of a file are those of no text: one of them is 0. */
export async function isBinary(blob: Blob): Promise<boolean> {
  for await (const head of bytesOf(blob)) return head.subarray(0, 2 ** 16).includes(0);
  return false;
}
