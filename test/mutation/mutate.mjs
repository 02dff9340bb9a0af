// npm run mutate: what it runs is TypeScript that imports the library, so Vite loads it.
import { runnerImport } from 'vite';

const role = process.argv[2] === '--worker' ? 'worker' : 'run';
const { module } = await runnerImport(new URL(`./${role}.ts`, import.meta.url).pathname, {
  root: new URL('../..', import.meta.url).pathname,
  configFile: false,
  logLevel: 'error',
});
process.exit(await module.main(process.argv.slice(2)));
