// npm run bench: it is TypeScript that imports the library's source, so Vite builds it, as it builds the package: what is
// timed is plain modules, and not what Vite's module runner makes of them.
import { rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
// Engines are loaded when they are needed, so a second run must not build over the first one.
const outDir = `${root}/.vite/bench-${process.pid}`;
process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
await build({
  root,
  configFile: false,
  logLevel: 'error',
  ssr: { noExternal: ['wgsl-preprocessor'] },
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    minify: false,
    rolldownOptions: {
      input: { main: 'test/bench/main.ts', cold: 'test/bench/cold-first-step.ts' },
      output: { entryFileNames: '[name].js' },
    },
  },
});
const { main } = await import(pathToFileURL(`${outDir}/main.js`).href);
// tfjs and jax-js leave timers and workers behind.
process.exit(await main(process.argv.slice(2), { root, folder: outDir }));
