import type { Tensor } from '../ops/tensor.js';

/** Every tensor that `wanted` depend on, themselves included, inputs before what is made of them. */
export function live(wanted: Iterable<Tensor>): Tensor[] {
  const found = new Set<Tensor>();
  const stack = [...wanted];
  for (let tensor = stack.pop(); tensor; tensor = stack.pop()) {
    if (found.has(tensor)) continue;
    found.add(tensor);
    stack.push(...tensor.inputs);
  }
  return [...found].sort((a, b) => a.id - b.id);
}
