// Runs a script of the repository that is TypeScript and imports the library's source. Vite builds it as it builds the
// package, with the package's plugins: what runs, and is timed, is plain modules, and not what Vite's module runner makes of them.
import { existsSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/**
 * Builds `input`, files by name, and ends the process with what `main` of the entry `main` returns. It gets the arguments of
 * the command line, the repository's folder and the folder of the built files. That is removed at the end, unless WGRAD_BUILT
 * names it: then it stays, and is used as it is where it is there already, for machines without Vite.
 */
export async function runScript(name, input) {
  const kept = process.env.WGRAD_BUILT;
  // Engines are loaded when they are needed, so a second run must not build over the first one.
  const folder = kept === undefined ? `${root}/.vite/${name}-${process.pid}` : resolve(kept);
  if (kept === undefined) process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  if (!existsSync(`${folder}/main.js`)) await buildScripts(input, folder);
  const { main } = await import(pathToFileURL(`${folder}/main.js`).href);
  process.exit(await main(process.argv.slice(2), { root, folder })); // rivals leave timers and workers behind
}

async function buildScripts(input, outDir) {
  const { build, loadConfigFromFile } = await import('vite');
  const project = await loadConfigFromFile({ command: 'build', mode: 'production' }, undefined, root, 'silent');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: project.config.plugins,
    ssr: { noExternal: ['wgsl-preprocessor'] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      minify: false,
      rolldownOptions: { input, output: { entryFileNames: '[name].js' } },
    },
  });
}
