const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** The f32 whose bits are `word`: what WGSL's `bitcast<f32>` makes of it. */
export function floatFromBits(word: number): number {
  bits[0] = word;
  return float[0];
}

/** The bits of `value`, rounded to f32. */
export function bitsFromFloat(value: number): number {
  float[0] = value;
  return bits[0];
}
