import { defineConfig } from 'vite';
import { strippedShaders } from './shaders/strip-comments.js';

// One minified file for pages without a bundler. It holds all entries: two files would each have an EngineError and tensors of
// their own, so a search of one could not train an engine of the other.
export default defineConfig({
  plugins: [strippedShaders()],
  build: {
    target: 'es2023',
    emptyOutDir: false,
    rolldownOptions: {
      input: 'src/wgrad.ts',
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'wgrad.min.js', codeSplitting: false },
    },
  },
});
