/** A parameter, in whatever precision. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly [rows: number, cols: number];
  readonly data: ArrayLike<number>;
}

/** Outputs [rows, outputs] of dense layers with ReLU between them, in float64, by the definition. */
export function outputsByHand(weights: readonly Parameter[], x: ArrayLike<number>, features: number): number[][] {
  let rows = Array.from({ length: x.length / features }, (_, row) =>
    Array.from({ length: features }, (_, column) => x[row * features + column]),
  );
  for (let layer = 0; layer < weights.length; layer += 2) {
    const [w, b] = weights.slice(layer, layer + 2);
    const units = w.shape[1];
    const isLast = layer + 2 === weights.length;
    rows = rows.map((row) =>
      Array.from({ length: units }, (_, unit) => {
        const sum = row.reduce((total, value, i) => total + value * w.data[i * units + unit], b.data[unit]);
        return isLast ? sum : Math.max(sum, 0);
      }),
    );
  }
  return rows;
}

/** -log softmax(z)[label] of every row. */
export function crossEntropyByHand(outputs: readonly number[][], labels: ArrayLike<number>): number[] {
  return outputs.map((row, i) => Math.log(row.reduce((sum, z) => sum + Math.exp(z - row[labels[i]]), 0)));
}

/** The share of rows whose largest output is the label's. */
export function accuracyByHand(outputs: readonly number[][], labels: ArrayLike<number>): number {
  return meanByHand(outputs.map((row, i) => (row.indexOf(Math.max(...row)) === labels[i] ? 1 : 0)));
}

/** The mean over all outputs of the squared error of every row. */
export function squaredErrorByHand(outputs: readonly number[][], targets: ArrayLike<number>): number[] {
  return outputs.map((row, i) => meanByHand(row.map((y, j) => (y - targets[i * row.length + j]) ** 2)));
}

/** (λ / 2) · Σw², biases left out. */
export function penaltyByHand(weights: readonly Parameter[], strength: number): number {
  const squares = weights
    .filter(({ name }) => name.endsWith('.w'))
    .flatMap(({ data }) => Array.from(data, (w) => w * w));
  return (strength / 2) * squares.reduce((sum, square) => sum + square, 0);
}

export function meanByHand(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
