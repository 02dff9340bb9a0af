import { type Engine, loadTrainer } from 'wgrad';
import { type VerifyProgress, verify } from 'wgrad/verify';
import type { Frame, VerifyFacts } from '../contract/protocol.js';
import { isDeviceLost } from './is-device-lost.js';
import type { Run } from './run.js';

const SECTIONS = ['randomness', 'kernels', 'gradients', 'steps'] as const satisfies VerifyProgress['section'][];

/** Verifies the GPU against the float64 reference on a copy of a run, and reports progress and outcome. */
export async function verifyRun(
  engine: Engine,
  run: Run,
  signal: AbortSignal,
  tell: (frame: Frame) => void,
): Promise<void> {
  let facts: VerifyFacts = { running: true, done: 0, total: 100, doing: 'a copy of the network' };
  const say = (more: Partial<VerifyFacts>) => {
    facts = { ...facts, ...more };
    tell({ verify: facts });
  };
  if (engine.info.backend === 'reference') {
    return say({
      running: false,
      doing: '',
      failed: 'There is no GPU to check: the CPU reference itself trains here.',
    });
  }
  say({});
  try {
    using trainer = await loadTrainer(engine, await run.trainer.save());
    const report = await verify(trainer, {
      quick: true,
      signal,
      onProgress({ section, name, done, total }) {
        const share = (SECTIONS.indexOf(section) + done / Math.max(1, total)) / SECTIONS.length;
        say({ done: Math.floor(100 * share), doing: `${section}: ${name}` });
      },
    });
    const { passed, verdict } = report;
    const json = `${JSON.stringify(report, undefined, 2)}\n`;
    say({ running: false, done: 100, doing: '', report: { passed, verdict, text: String(report), json } });
  } catch (error) {
    say({ running: false, doing: '', failed: signal.aborted ? 'It was stopped.' : String((error as Error).message) });
    if (isDeviceLost(error)) throw error;
  }
}
