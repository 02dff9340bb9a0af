import { defineConfig } from 'vite';
import { strippedShaders } from './shaders/strip-comments.js';

// Three entries that share what they have in common; shaders and the preprocessor are inlined.
export default defineConfig({
  plugins: [strippedShaders()],
  build: {
    target: 'es2023',
    minify: false,
    emptyOutDir: false, // `npm run train` builds the scripts anew and must leave the declarations; `npm run clean` empties
    sourcemap: true,
    lib: {
      entry: { index: 'src/index.ts', node: 'src/node/index.ts', cli: 'src/cli/main.ts' },
      formats: ['es'],
    },
    rolldownOptions: {
      external: [/^node:/, 'webgpu'],
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
    },
  },
});
