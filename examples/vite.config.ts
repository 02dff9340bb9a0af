import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';

const root = import.meta.dirname;
/** Every folder with a page. */
const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('index.html'));

// `npx vite examples` serves the pages on the library's source; what is built uses the built library.
export default defineConfig(({ command }) => ({
  base: './',
  resolve: { tsconfigPaths: command === 'serve' },
  worker: { format: 'es' },
  build: { target: 'es2023', rolldownOptions: { input: pages.map((path) => join(root, path)) } },
}));
