// npm run bench
import { runScript } from '../run-script.mjs';

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
await runScript('bench', { main: 'test/bench/main.ts', cold: 'test/bench/cold-first-step.ts' });
