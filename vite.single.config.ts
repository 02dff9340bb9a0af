import { defineConfig, type Plugin } from 'vite';
import { strippedShaders } from './shaders/strip-comments.js';

const PARQUET = 'wgrad-parquet.min.js';

/** Leaves the reader of Parquet to its own file. */
const parquetBeside: Plugin = {
  name: 'parquet-beside',
  enforce: 'pre',
  resolveId: (source) => (source === './parquet.js' ? { id: `./${PARQUET}`, external: 'absolute' } : undefined),
};

// One minified file for pages without a bundler. It holds all entries: two files would each have an EngineError and tensors of
// their own, so a search of one could not train an engine of the other. Only the reader of Parquet, which shares nothing with
// the rest, lies beside it (`--mode parquet`) and is loaded on demand.
export default defineConfig(({ mode }) => ({
  plugins: [strippedShaders(), ...(mode === 'parquet' ? [] : [parquetBeside])],
  build: {
    target: 'es2023',
    emptyOutDir: false,
    rolldownOptions: {
      input: mode === 'parquet' ? 'src/table/parquet.ts' : 'src/wgrad.ts',
      preserveEntrySignatures: 'strict',
      output: {
        entryFileNames: mode === 'parquet' ? PARQUET : 'wgrad.min.js',
        codeSplitting: false,
      },
    },
  },
}));
