import type { Constraint, Parameter, Regularizer } from '../nn/layer.js';
import { constant, multiply, sumAll, sumCols } from '../ops/index.js';
import type { Weights } from '../train/members.js';

/** The λ of one parameter. */
export interface TunedLambda {
  /** The name of the parameter, such as 'dense0.w'. */
  readonly parameter: string;
  /** One for all of it, or one for each of its inputs. */
  readonly values: Float32Array;
}

/** The end of the name of a parameter's λ. */
const LAMBDA = '.lambda';

/** Keeps a parameter as `setWeights` left it. */
const kept: Constraint = { kind: 'kept', options: {}, constrain: ({ tensor }) => tensor };

/**
 * Returns an L2 penalty, Σ λ_i · ‖w_i‖² / 2, whose λ are parameters that training leaves alone and `setWeights` changes: one for
 * all weights of a layer; or in the first layer one for each input i, of the row w_i. All begin with `strength`.
 */
export function tunableL2(strength: number, perInput: boolean): Regularizer {
  const initializer = { kind: 'strength', options: {}, fill: (out: Float32Array) => out.fill(strength) };
  let first: string | undefined;
  return {
    kind: 'tunableL2',
    options: { strength, perInput },
    penalty({ name, penalised, tensor, layer }: Parameter, context) {
      if (!penalised) return undefined;
      first ??= name;
      const rows = perInput && name === first ? tensor.rows : 1;
      const request = { rows, cols: 1, decays: false, penalised: false, layer, initializer, constraint: kept };
      const lambda = context.parameter(`${name}${LAMBDA}`, request);
      const squares = multiply(tensor, tensor);
      const norms = rows === 1 ? sumAll(squares) : sumCols(squares);
      return multiply(sumAll(multiply(lambda, norms)), constant(tensor.trace, 0.5));
    },
  };
}

/** Returns the weights of a trainer with `tunableL2` without its λ, and its λ. */
export function parted(all: readonly Weights[]): { weights: Weights[]; lambdas: TunedLambda[] } {
  const isLambda = ({ name }: Weights) => name.endsWith(LAMBDA);
  return {
    weights: all.filter((each) => !isLambda(each)),
    lambdas: all.filter(isLambda).map(({ name, data }) => ({ parameter: name.slice(0, -LAMBDA.length), values: data })),
  };
}

/** Returns λ as `setWeights` takes them. */
export const asWeights = ({ parameter, values }: TunedLambda): Weights => ({
  name: `${parameter}${LAMBDA}`,
  shape: [values.length, 1],
  data: values,
});
