// npm run reproduce: the script is TypeScript that imports the library's source, so Vite builds it first.
import { rmSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const outDir = `${root}.vite/reproduce-${process.pid}`;
process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
await build({
  root,
  configFile: false,
  logLevel: 'error',
  ssr: { noExternal: ['wgsl-preprocessor'] },
  build: { ssr: 'test/witness/reproduce/reproduce.ts', outDir, target: 'es2023', minify: false },
});
const { main } = await import(pathToFileURL(`${outDir}/reproduce.js`).href);
process.exitCode = await main(process.argv.slice(2));
