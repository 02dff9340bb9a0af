import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const source = fileURLToPath(new URL('../src/index.ts', import.meta.url));

// While it is developed the page runs on the library's source; built, it runs on the built library, as a user's page does.
export default defineConfig(({ command }) => ({
  base: './',
  resolve: command === 'serve' ? { alias: { wgrad: source } } : {},
  build: { target: 'es2023', outDir: '../dist-demo', emptyOutDir: true },
}));
