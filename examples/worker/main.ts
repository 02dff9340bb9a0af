// The page: it sends data to the worker, shows the reports, and uses the model that comes back.
import { createEngine, loadModel } from 'wgrad';
import type { FromWorker, ToWorker } from './messages.js';

const output = document.querySelector('output') as HTMLOutputElement;
const progress = document.querySelector('progress') as HTMLProgressElement;
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const send = (message: ToWorker, transfer: Transferable[] = []) => worker.postMessage(message, transfer);

// y = sin(3x) with some noise
const x = Float32Array.from({ length: 256 }, (_, i) => i / 128 - 1);
const y = x.map((value, i) => Math.sin(3 * value) + 0.05 * Math.sin(i * i));
send({ kind: 'train', x, y, epochs: progress.max }, [x.buffer, y.buffer]); // moved, not copied
document.querySelector('button')?.addEventListener('click', () => send({ kind: 'stop' }));

worker.onmessage = async ({ data }: MessageEvent<FromWorker>) => {
  if (data.kind === 'epoch') {
    progress.value = data.epoch;
    output.value = `epoch ${data.epoch}: loss ${data.loss.toFixed(4)}`;
  } else if (data.kind === 'failed') {
    output.value = data.message;
  } else {
    const model = await loadModel(await createEngine(), data.bytes);
    const [value] = await model.predict([0.5]);
    output.value = `sin(1.5) is about ${value.toFixed(2)}`;
  }
};
