/**
 * Facts taken from Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15
 * (2014), 1929-1958: tables 2 and 9, appendix B.1. Its p is the probability of keeping a unit, ours that of dropping one.
 */
export const PAPER = {
  units: 1024,
  trainImages: 60_000,
  /** Appendix B.1: the last training, on training and validation images together. */
  updates: 1_000_000,
  /** Appendix B.1: p = 0.8 in the input layer. */
  inputDropout: 0.2,
  /** Appendix B.1: p = 0.5 in all hidden layers. */
  hiddenDropout: 0.5,
  /** Appendix B.1. */
  finalMomentum: 0.95,
  /** Appendix B.1: c = 2 in all layers. */
  maxNorm: 2,
} as const;

/** Choices of ours, where the paper leaves them open or says only that a validation set was used. */
export const CHOICE = {
  batch: 25,
  /** Momentum starts with this and grows linearly to the paper's. */
  firstMomentum: 0.5,
  /** The share of the updates in which it does. */
  momentumRamp: 0.1,
  /** The share of the updates after which L1 is applied, "towards the end of training". */
  l1After: 0.8,
  /** The share of activity that KL-sparsity wants of a unit. */
  sparsity: 0.1,
} as const;

/** One row of the paper's tables, and the settings with which we train it. */
export interface PaperRow {
  readonly name: string;
  readonly table: 2 | 9;
  /** The paper's test error in percent. */
  readonly error: number;
  /** Units of the hidden layers, in multiples of the paper's 1,024. */
  readonly widths: readonly number[];
  readonly dropout: boolean;
  /** λ of (λ/2)·Σw² over the weights, and of λ·Σ|w| towards the end: our choice. */
  readonly l2: number;
  readonly l1: number;
  /** λ of KL-sparsity: our choice. */
  readonly kl: number;
  /** The weights into every unit have at most the paper's norm. */
  readonly maxNorm: boolean;
  /** Falls to 0 along a cosine: our choice. */
  readonly learningRate: number;
}

/** The settings of a row unless it says otherwise. */
const PLAIN = { table: 9, widths: [1, 1, 2], dropout: false, l2: 0, l1: 0, kl: 0, maxNorm: false } as const;

/**
 * The rows of table 9, and one of table 2. The first one is what the others are compared with.
 *
 * Rate and λ were chosen at scale 0.2 by the error on training images 55,000 to 59,999, seeds 100 to 102, in %:
 * L2: 12.6 (0.01, 3e-3), 12.3 (0.02, 1e-3), 12.0 (0.02, 3e-3), 11.6 (0.04, 3e-3), 12.2 (0.04, 1e-2), 13.5 (0.08, 3e-3);
 * dropout + L2: 11.1 (0.01, 1e-4), 11.1 (0.01, 1e-3); with more images and fewer updates 0.005 and 0.02 were worse.
 * The rows with L1, KL-sparsity and max-norm have the rate of the row that they change, and were not tuned.
 */
export const ROWS: readonly [PaperRow, ...PaperRow[]] = [
  { ...PLAIN, name: 'L2', error: 1.62, l2: 3e-3, learningRate: 0.04 },
  { ...PLAIN, name: 'L2 + L1 at the end', error: 1.6, l2: 3e-3, l1: 1e-4, learningRate: 0.04 },
  { ...PLAIN, name: 'L2 + KL-sparsity', error: 1.55, l2: 3e-3, kl: 1e-3, learningRate: 0.04 },
  { ...PLAIN, name: 'max-norm', error: 1.35, maxNorm: true, learningRate: 0.04 },
  { ...PLAIN, name: 'dropout + L2', error: 1.25, dropout: true, l2: 1e-3, learningRate: 0.01 },
  { ...PLAIN, name: 'dropout + max-norm', error: 1.05, dropout: true, maxNorm: true, learningRate: 0.01 },
  { ...PLAIN, name: 'dropout', table: 2, error: 1.25, widths: [1, 1, 1], dropout: true, learningRate: 0.01 },
];
