import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { directImports } from './build/direct-imports.js';
import { oneChunk } from './build/one-chunk.js';
import { packMnist } from './build/pack-mnist.js';

const source = fileURLToPath(new URL('../src/index.ts', import.meta.url));

// While it is developed the page runs on the library's source; built, it runs on the built library, as a user's page does.
export default defineConfig(async ({ command, isPreview }) => {
  if (!isPreview) await packMnist();
  return {
    base: './',
    resolve: command === 'serve' ? { alias: { wgrad: source } } : {},
    plugins: [directImports()],
    worker: {
      format: 'es' as const,
      rolldownOptions: { output: { codeSplitting: oneChunk() } },
      plugins: () => [directImports()],
    },
    build: { target: 'es2023', outDir: '../dist-demo', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: false },
  };
});
