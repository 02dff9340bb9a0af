import * as ort from 'onnxruntime-web';

/** Values by name, as a session takes and gives them. */
export type Values = Readonly<Record<string, ort.Tensor>>;

export const { Tensor } = ort;

ort.env.wasm.numThreads = 1;
// In Node ONNX Runtime finds its files beside itself; a page must say where they lie.
if (typeof window !== 'undefined') {
  const { default: wasm } = await import('onnxruntime-web/ort-wasm-simd-threaded.jsep.wasm?url');
  ort.env.wasm.wasmPaths = { wasm };
}

/** Returns a model in ONNX Runtime, on the CPU. */
export function openSession(bytes: Uint8Array): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
}

/** Returns the largest difference of two lists of numbers, as a share of the largest number of the second. */
export function differenceOf(found: ort.Tensor, expected: ArrayLike<number>): number {
  const values = Array.from(found.data as ArrayLike<number>, Number);
  const scale = Math.max(...Array.from(expected, Math.abs));
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(...values.map((value, i) => Math.abs(value - expected[i]))) / scale;
}
