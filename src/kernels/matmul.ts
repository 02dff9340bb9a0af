import { matmul, sumRows } from '../ops/index.js';
import type { Dimensions, Kernel, Variant } from './kernel.js';

const flops = ({ m, n, k }: Dimensions) => 2 * m * n * k;

/** The orientation of a product's operands; `sums` asks for the column sums of b, too. */
export interface Form {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly sums: boolean;
}

/** Returns the ways to compute a product of this form. */
export type ProductVariants = (form: Form) => readonly Variant[];

const NN: Form = { transposeA: false, transposeB: false, sums: false };
const NT: Form = { transposeA: false, transposeB: true, sums: false };
const TN: Form = { transposeA: true, transposeB: false, sums: false };
const TN_SUMS: Form = { ...TN, sums: true };

/** Returns the kernels of products, computed in these ways. */
export const products = (variantsOf: ProductVariants): readonly Kernel[] => [
  // y = aᵀ · b and the column sums of b: the gradients of a dense layer's weights and bias, xᵀ · dz and Σ dz.
  {
    name: 'matmul-tn-sums',
    inputs: { a: { dims: 'km', access: 'rows' }, b: { dims: 'kn', access: 'rows' } },
    outputs: { y: 'mn', sums: '1n' },
    computes: ({ a, b }) => ({ y: matmul(a, b, { transposeA: true }), sums: sumRows(b) }),
    variants: variantsOf(TN_SUMS),
    flops,
    compound: true,
    whole: true,
  },
  // y = a · b: the forward product of a dense layer.
  {
    name: 'matmul-nn',
    inputs: { a: { dims: 'mk', access: 'rows' }, b: { dims: 'kn', access: 'rows' } },
    outputs: { y: 'mn' },
    computes: ({ a, b }) => ({ y: matmul(a, b) }),
    variants: variantsOf(NN),
    flops,
  },
  // y = a · bᵀ: the gradient of a dense layer's input, dz · wᵀ.
  {
    name: 'matmul-nt',
    inputs: { a: { dims: 'mk', access: 'rows' }, b: { dims: 'nk', access: 'rows' } },
    outputs: { y: 'mn' },
    computes: ({ a, b }) => ({ y: matmul(a, b, { transposeB: true }) }),
    variants: variantsOf(NT),
    flops,
  },
  // y = aᵀ · b: the gradient of weights without a bias.
  {
    name: 'matmul-tn',
    inputs: { a: { dims: 'km', access: 'rows' }, b: { dims: 'kn', access: 'rows' } },
    outputs: { y: 'mn' },
    computes: ({ a, b }) => ({ y: matmul(a, b, { transposeA: true }) }),
    variants: variantsOf(TN),
    flops,
  },
];
