import type { Tensor } from '../ops/tensor.js';

/**
 * Returns every tensor that `wanted` depend on and `wanted` themselves, inputs before results. What tensors in `given`
 * depend on is left out.
 */
export function live(wanted: Iterable<Tensor>, given: { has(tensor: Tensor): boolean } = new Set()): Tensor[] {
  const found = new Set<Tensor>();
  const stack = [...wanted];
  for (let tensor = stack.pop(); tensor; tensor = stack.pop()) {
    if (found.has(tensor)) continue;
    found.add(tensor);
    if (!given.has(tensor)) stack.push(...tensor.inputs);
  }
  return [...found].sort((a, b) => a.id - b.id);
}
