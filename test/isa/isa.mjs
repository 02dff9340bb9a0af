// npm run isa
import { runScript } from '../run-script.mjs';

await runScript('isa', { main: 'test/isa/main.ts', 'on-chip': 'test/isa/on-chip.ts' });
