/**
 * The kinds of the library's parts. Names alone: saving needs them, and the functions that make the parts would come with every op
 * into the script of a page.
 */
export const KNOWN_KINDS: readonly string[] = (
  'activityPenalty adagrad adam adamw alphaDropout batchNorm binaryCrossEntropy clipByGlobalNorm ' +
  'clipByValue concreteDropout constantRate cosineDecay dense dropConnect dropout elasticNet elu ' +
  'ema exponentialDecay focal gaussianDropout gaussianNoise gelu glorot groupLasso groups he hinge ' +
  'huber l1 l2 layerNorm leakyRelu lecun linearDecay lion maxNorm meanAbsoluteError ' +
  'meanSquaredError mixup nonNegative penalties relu rmsprop selu sgd sigmoid silu softTargetCrossEntropy ' +
  'softmaxCrossEntropy softplus softsign standout stepDecay tanh unitNorm warmup zeros'
).split(' ');
