// npm run hardware
import { runScript } from '../run-script.mjs';

await runScript('hardware', {
  main: 'test/hardware/main.ts',
  part: 'test/hardware/part.ts',
  cold: 'test/bench/cold-first-step.ts', // bench starts it from the folder of its own scripts
});
