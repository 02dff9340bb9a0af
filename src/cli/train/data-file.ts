import { readFile } from 'node:fs/promises';
import { type CsvData, type CsvOptions, parseCsv } from '../../data/csv.js';
import { EngineError } from '../../errors/engine-error.js';

/**
 * Returns the data of a CSV file in UTF-8; values are parted by tabs if the name ends in `.tsv`, by commas otherwise.
 * @param target the column to be learned; default the last one
 * @throws EngineError of kind `format` if the file cannot be read, and as `parseCsv`.
 */
export async function loadDataFile(
  path: string,
  target?: string,
  options: Omit<CsvOptions, 'target'> = {},
): Promise<CsvData> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new EngineError('format', `data file: cannot read ${path}: ${cause.message}`, { cause });
  });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new EngineError('format', `data file: ${path} is not UTF-8`, { cause });
  }
  const delimiter = path.toLowerCase().endsWith('.tsv') ? '\t' : ',';
  return parseCsv(text, { delimiter, ...options, ...(target !== undefined && { target }) });
}
