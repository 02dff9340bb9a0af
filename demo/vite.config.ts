import { defineConfig, type UserConfig } from 'vite';
import { packMnist } from './build/pack-mnist.js';

// In development the page runs on the library's source (the paths in tsconfig.json), built on the built library, like a user's.
export default defineConfig(async ({ command, isPreview }): Promise<UserConfig> => {
  if (!isPreview) await packMnist();
  return {
    base: './',
    resolve: { tsconfigPaths: command === 'serve' },
    worker: {
      format: 'es',
      // One chunk holds all that the worker loads at first. Rolldown would make a dozen, a tenth larger in all when gzipped.
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'engine', tags: ['$initial'] }] } } },
    },
    build: { target: 'es2023', outDir: '../dist-demo', emptyOutDir: true, assetsInlineLimit: 0, modulePreload: false },
  };
});
