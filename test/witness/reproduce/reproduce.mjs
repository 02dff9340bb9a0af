// npm run reproduce: the script is TypeScript that imports the library's source, so Vite loads it.
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('./reproduce.ts', import.meta.url).pathname, {
  root: new URL('../../..', import.meta.url).pathname,
  configFile: false,
  oxc: { target: 'es2023' }, // Node 20 does not know `using`
  logLevel: 'error',
});
process.exitCode = await module.main(process.argv.slice(2));
