import { ULP } from '../../src/reference/rounding.js';

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The f32 next to the f32 `x` in the direction of `sign`. */
function neighbour(x: number, sign: number): number {
  float[0] = x;
  if (x === 0) return sign * 2 ** -149;
  bits[0] += x > 0 === sign > 0 ? 1 : -1;
  return float[0];
}

const SUBNORMAL = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * f32 arithmetic as inaccurate as WGSL allows an implementation to be (section "Concrete floating point accuracy").
 * `choose` returns a number in [-1, 1]: how much of the allowed error to commit, and in which direction; 0 rounds to
 * nearest everywhere.
 */
export class ConformingArithmetic {
  constructor(readonly choose: () => number) {}

  /** Correctly rounded to one of the two neighbours, subnormals perhaps flushed. */
  round(exact: number): number {
    const choice = this.choose();
    if (choice !== 0 && Math.abs(exact) < SUBNORMAL) return choice < 0 ? 0 : Math.fround(exact);
    const nearest = Math.fround(exact);
    if (nearest === exact || choice === 0 || !Number.isFinite(exact)) return nearest;
    return nearest > exact === choice > 0 ? nearest : neighbour(nearest, Math.sign(choice));
  }

  /** Off by up to `ulps` units in the last place of the exact result. */
  within(exact: number, ulps: number): number {
    if (!Number.isFinite(exact)) return exact;
    const choice = this.choose();
    if (choice < 0 && Math.abs(exact) < SUBNORMAL) return 0;
    const ulp = 2 ** Math.max(Math.floor(Math.log2(Math.abs(exact))) - 23, -149);
    return Math.fround(exact + choice * (ulps - 0.5) * ulp);
  }

  add = (a: number, b: number) => this.round(a + b);
  subtract = (a: number, b: number) => this.round(a - b);
  multiply = (a: number, b: number) => this.round(a * b);
  divide = (a: number, b: number) => this.within(a / b, 2.5);
  exp = (x: number) => this.within(Math.exp(x), 3 + 2 * Math.min(Math.abs(x), 1e6));
  sqrt = (x: number) => (x === 0 ? 0 : this.divide(1, this.within(1 / Math.sqrt(x), 2)));
  log = (x: number) =>
    x >= 0.5 && x <= 2 ? Math.fround(Math.log(x) + this.choose() * (2 ** -21 - ULP / 2)) : this.within(Math.log(x), 3);

  /** Horner's scheme, coefficients from the highest power down. */
  polynomial = (x: number, coefficients: readonly number[]) =>
    coefficients.reduce((sum, coefficient) => this.add(this.multiply(sum, x), this.round(coefficient)));
}

/** The same where WGSL leaves the result open: NaN for what overflows, and for a quotient by more than 2^126. */
export class OverflowingArithmetic extends ConformingArithmetic {
  override round(exact: number): number {
    const rounded = super.round(exact);
    return Math.abs(rounded) <= LARGEST ? rounded : Number.NaN;
  }

  override within(exact: number, ulps: number): number {
    const rounded = super.within(exact, ulps);
    return Math.abs(rounded) <= LARGEST ? rounded : Number.NaN;
  }

  override divide = (a: number, b: number) => (Math.abs(b) <= 2 ** 126 ? this.within(a / b, 2.5) : Number.NaN);
}
