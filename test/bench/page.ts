// The page in which the benchmark runs in Chromium: the same suites, on the browser's own WebGPU.
import { type Request, type Results, runSuites } from './run-suites.js';

declare global {
  var bench: (request: Request) => Promise<Results>;
}

globalThis.bench = (request) => {
  const place = { gpu: navigator.gpu, wasm: '/wasm/', jax: '/jax/index.js' };
  return runSuites(place, request, (line) => console.log(line));
};
