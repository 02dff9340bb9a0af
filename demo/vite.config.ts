import { defineConfig, type UserConfig } from 'vite';
import { includeViews } from './build/include-views.js';
import { packMnist } from './build/pack-mnist.js';

// In development the page runs on the library's source, by the paths in tsconfig.json; the built page uses the built library.
export default defineConfig(async ({ command, isPreview }): Promise<UserConfig> => {
  if (!isPreview) await packMnist();
  return {
    base: './',
    plugins: [includeViews()],
    resolve: { tsconfigPaths: command === 'serve' },
    worker: {
      format: 'es',
      // All that the worker loads at first in one chunk: a dozen, as Rolldown would make, are a tenth larger when gzipped.
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'engine', tags: ['$initial'] }] } } },
    },
    build: { target: 'es2023', outDir: '../dist-demo', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: false },
  };
});
