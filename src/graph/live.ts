import type { Tensor } from '../ops/tensor.js';

/**
 * Every tensor that `wanted` depend on, themselves included, inputs before what is made of them; of tensors in `given`
 * not what they depend on.
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
