import { checkChoice, checkOptions } from '../errors/arguments.js';
import type { Key } from '../random/philox.js';
import { fillNormal, fillUniform } from '../random/uniform.js';
import { asKnown, type Described } from './described.js';

/** Sets the weights of a layer before training. */
export interface Initializer extends Described {
  /** Fills the weights [fanIn, fanOut] of parameter tensor number `index`. */
  fill(out: Float32Array, fanIn: number, fanOut: number, key: Key, index: number): Float32Array;
}

/** Options of the scaled initialisers. */
export interface InitializerOptions {
  /** 'uniform' (default) in ±sqrt(3 · variance), or 'normal' with that variance. */
  distribution?: 'uniform' | 'normal' | undefined;
}

type Variance = (fanIn: number, fanOut: number) => number;

function scaled(kind: string, options: InitializerOptions, variance: Variance): Initializer {
  checkOptions(kind, options, ['distribution']);
  const { distribution = 'uniform' } = options;
  checkChoice(kind, 'distribution', distribution, ['uniform', 'normal']);
  return asKnown({
    kind,
    options: { distribution },
    fill(out, fanIn, fanOut, key, index) {
      const v = variance(fanIn, fanOut);
      if (distribution === 'normal') return fillNormal(out, 0, Math.sqrt(v), key, index);
      const limit = Math.sqrt(3 * v);
      return fillUniform(out, -limit, limit, key, index);
    },
  });
}

/** Variance 2 / fanIn, for ReLU. Source: He et al., "Delving deep into rectifiers" (2015), equation 10. */
export function he(options: InitializerOptions = {}): Initializer {
  return scaled('he', options, (fanIn) => 2 / fanIn);
}

/** Variance 2 / (fanIn + fanOut), for tanh and sigmoid. Source: Glorot and Bengio (2010), equation 16. */
export function glorot(options: InitializerOptions = {}): Initializer {
  return scaled('glorot', options, (fanIn, fanOut) => 2 / (fanIn + fanOut));
}

/** Variance 1 / fanIn. Source: LeCun et al., "Efficient backprop" (1998), section 4.6. */
export function lecun(options: InitializerOptions = {}): Initializer {
  return scaled('lecun', options, (fanIn) => 1 / fanIn);
}

/** All zero: for biases, and for the weights of a last layer whose outputs are to begin as those of guessing. */
export function zeros(): Initializer {
  return asKnown({ kind: 'zeros', options: {}, fill: (out) => out.fill(0) });
}
