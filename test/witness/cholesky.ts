/** A symmetric positive definite matrix, row by row, in float64. */
export type Matrix = readonly (readonly number[])[];

/** The lower triangle L with L · Lᵀ = a. Source: Golub and Van Loan, "Matrix Computations", section 4.2. */
function cholesky(a: Matrix): number[][] {
  const lower: number[][] = a.map(() => []);
  for (const [i, row] of a.entries()) {
    for (let j = 0; j <= i; j++) {
      let rest = row[j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      if (i === j && !(rest > 0)) throw new Error(`cholesky: the matrix is not positive definite, row ${i}`);
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
  }
  return lower;
}

/** The x with a · x = b: L · y = b forwards, then Lᵀ · x = y backwards. */
export function solve(a: Matrix, b: readonly number[]): number[] {
  const lower = cholesky(a);
  const x = [...b];
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i][k] * x[k];
    x[i] /= lower[i][i];
  }
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= lower[k][i] * x[k];
    x[i] /= lower[i][i];
  }
  return x;
}

/** At least the largest eigenvalue of a, being the root of the sum of all eigenvalues' squares. */
export function atLeastLargest(a: Matrix): number {
  return norm(a.flat());
}

/** At most the smallest eigenvalue of a: one over the Frobenius norm of a's inverse. */
export function atMostSmallest(a: Matrix): number {
  return 1 / atLeastLargest(a.map((_, i) => solve(a, unit(a.length, i))));
}

function unit(length: number, at: number): number[] {
  return Array.from({ length }, (_, i) => (i === at ? 1 : 0));
}

/** The Euclidean length of v. */
export function norm(v: readonly number[]): number {
  return Math.hypot(...v);
}
