import { gzipSync } from 'node:zlib';
import { figure } from './figures.js';
import type { Table } from './table.js';

/** Bytes that a page loads to train a dense classifier with one loss and one optimiser. */
export interface SizeRow {
  readonly engine: string;
  /** Bytes, minified. */
  readonly minified: number;
  readonly gzipped: number;
}

const ENGINES = ['wgrad', 'jax', 'tfjs'] as const;
const NAMES = { wgrad: 'wgrad', jax: 'jax-webgpu', tfjs: 'tfjs-webgpu' } as const;

/** Bundles the same program for each engine with the same bundler, tree-shaken; wgrad from the built package. */
export async function sizeSuite(root: string, log: (line: string) => void): Promise<SizeRow[]> {
  const { build } = await import('vite'); // npm run hardware does without
  const rows: SizeRow[] = [];
  for (const engine of ENGINES) {
    log(`size: ${NAMES[engine]}`);
    const result = await build({
      root,
      configFile: false,
      logLevel: 'error',
      build: {
        write: false,
        target: 'es2023',
        modulePreload: false,
        rolldownOptions: { input: `${root}/test/bench/size/${engine}.ts` },
      },
    });
    if (!('output' in result)) throw new Error('bench: expected one bundle');
    const chunks = result.output.flatMap((file) => (file.type === 'chunk' ? [file] : []));
    // A chunk that is loaded on demand counts if training on WebGPU needs it.
    const loaded = new Set(chunks.filter(({ isEntry, fileName }) => isEntry || /webgpu/.test(fileName)));
    for (const chunk of loaded)
      for (const other of chunks) if (chunk.imports.includes(other.fileName)) loaded.add(other);
    const codes = [...loaded].map(({ code }) => Buffer.from(code));
    rows.push({
      engine: NAMES[engine],
      minified: codes.reduce((sum, { length }) => sum + length, 0),
      gzipped: codes.reduce((sum, code) => sum + gzipSync(code, { level: 9 }).length, 0),
    });
  }
  return rows;
}

/** Sizes of bundles. */
export function sizeTable(rows: readonly SizeRow[]): Table {
  const ours = rows.find(({ engine }) => engine === 'wgrad');
  return {
    title: 'Size: dense layers, one loss, one optimiser, L2, bundled by Vite, minified, tree-shaken',
    head: ['engine', 'gzipped, kB', 'beside wgrad', 'minified, kB'],
    rows: rows.map(({ engine, gzipped, minified }) => [
      engine,
      figure(gzipped / 1000),
      ours ? `${figure(gzipped / ours.gzipped)}x` : '',
      figure(minified / 1000),
    ]),
  };
}
