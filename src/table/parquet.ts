import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import { decompressZstd, gunzip } from 'hyparquet-compressors';

/** A Parquet file, which is read piece by piece. */
export interface ParquetFile {
  readonly names: readonly string[];
  readonly rows: number;
  /** Yields the values of the columns, some rows at a time: in each column from the first row to the last. */
  pieces(): AsyncGenerator<{ readonly column: number; readonly values: ArrayLike<unknown>; readonly rowEnd: number }>;
}

/**
 * Opens a Parquet file. This file imports nothing of ours: it is loaded on demand, also by the file for pages without a
 * bundler.
 */
export async function openParquet(blob: Blob): Promise<ParquetFile> {
  const file = {
    byteLength: blob.size,
    slice: (start: number, end?: number) => blob.slice(start, end).arrayBuffer(),
  };
  const compressors = {
    GZIP: (input: Uint8Array, length: number) => gunzip(input, new Uint8Array(length)),
    ZSTD: (input: Uint8Array, length: number) => decompressZstd(input, new Uint8Array(length)),
  };
  const metadata = await parquetMetadataAsync(file);
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  return { names, rows: Number(metadata.num_rows), pieces };

  async function* pieces() {
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      for (const [column, name] of names.entries()) {
        const found: ArrayLike<unknown>[] = [];
        const onChunk = ({ columnData }: { columnData: ArrayLike<unknown> }) => found.push(columnData);
        await parquetRead({ file, metadata, compressors, columns: [name], rowStart, rowEnd, onChunk });
        for (const values of found) yield { column, values, rowEnd };
      }
      rowStart = rowEnd;
    }
  }
}
