// npm run reproduce
import { runScript } from '../../run-script.mjs';

await runScript('reproduce', { main: 'test/witness/reproduce/reproduce.ts' });
