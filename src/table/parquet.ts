import { parquetReadObjects } from 'hyparquet';
import { decompressZstd, gunzip } from 'hyparquet-compressors';

/**
 * Returns the rows of a Parquet file as objects. This file imports nothing of ours: it is loaded on demand, also by the file
 * for pages without a bundler.
 */
export function parquetRows(blob: Blob): Promise<Record<string, unknown>[]> {
  const file = {
    byteLength: blob.size,
    slice: (start: number, end?: number) => blob.slice(start, end).arrayBuffer(),
  };
  const compressors = {
    GZIP: (input: Uint8Array, length: number) => gunzip(input, new Uint8Array(length)),
    ZSTD: (input: Uint8Array, length: number) => decompressZstd(input, new Uint8Array(length)),
  };
  return parquetReadObjects({ file, compressors });
}
