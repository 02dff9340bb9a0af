// A fresh process: loads one engine, takes one step, prints what it took as JSON. Started by the suite `cold`.
import type { Contender, Rival } from './contender.js';
import { networkOf, problemOf } from './network.js';

/** Milliseconds from the first import. */
export interface ColdStart {
  /** Until the engine could train: loaded, its device found. */
  readonly ready: number;
  /** Until the first step was done. */
  readonly stepped: number;
}

const [name, adapter] = process.argv.slice(2);
const problem = problemOf(networkOf([784, 128, 10]));
const started = performance.now();
const { openNode } = await import('./open-node.js');
const place = await openNode(adapter === '' ? undefined : adapter);
const contender = await open();
const ready = performance.now() - started;
const training = await contender.train(problem, 'uploaded');
await training.run(1);
const cold: ColdStart = { ready, stepped: performance.now() - started };
const parameters = await training.parameters();
if (!parameters.every((values) => Array.from(values).every(Number.isFinite)))
  throw new Error(`bench: ${name} is not finite`);
console.log(JSON.stringify(cold));
process.exit(0);

async function open(): Promise<Contender> {
  if (name === 'wgrad') return (await import('./wgrad-contender.js')).WgradContender.open(place.gpu);
  return (await import('./open-rival.js')).openRival(place, name as Rival);
}
