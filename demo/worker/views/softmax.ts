/** Turns logits [rows, classes] into probabilities, in place. */
export function softmax(logits: Float32Array, classes: number): Float32Array {
  for (let row = 0; row < logits.length; row += classes) {
    const own = logits.subarray(row, row + classes);
    const most = own.reduce((a, b) => Math.max(a, b));
    const sum = own.reduce((total, logit) => total + Math.exp(logit - most), 0);
    for (const [i, logit] of own.entries()) own[i] = Math.exp(logit - most) / sum;
  }
  return logits;
}

/** Returns the index of the largest value. */
export function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
