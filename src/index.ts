/// <reference types="@webgpu/types" preserve="true" />
/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Trains regularised neural networks on WebGPU: engine, layers, losses, optimizers, trainer, population, data.
 * @module wgrad
 */

export { createEngine, type EngineOptions } from './create-engine.js';
export { balancedWeights } from './data/balanced-weights.js';
export type { Batch } from './data/batch.js';
export { type Dataset, type DatasetOptions, dataset, slice, split, take } from './data/dataset.js';
export { parseIdx } from './data/idx.js';
export type { LabelList } from './data/labels.js';
export type { NumberArray, Numbers } from './data/matrix.js';
export { EngineError, type EngineErrorKind } from './errors/engine-error.js';
export type { DebugLevel, Log } from './gpu/debugging.js';
export type { CompileProgress, Engine, EngineInfo } from './graph/engine.js';
export {
  type ClassificationReport,
  type ClassMeasures,
  classificationReport,
} from './metrics/classification-report.js';
export { type ConfusionMatrix, confusionMatrix } from './metrics/confusion-matrix.js';
export type { Label, LabelOptions, Labels } from './metrics/labels.js';
export { type RegressionReport, regressionReport } from './metrics/regression-report.js';
export { type RocAucOptions, rocAuc } from './metrics/roc-auc.js';
export * from './nn/activations.js';
export { type ActivityPenaltyOptions, activityPenalty } from './nn/activity-penalty.js';
export { type AdagradOptions, adagrad } from './nn/adagrad.js';
export type { Augmentation, AugmentedBatch, BatchLeaves, LossOf } from './nn/augmentation.js';
export { clipByGlobalNorm, clipByValue } from './nn/clip.js';
export { type ConcreteDropoutOptions, concreteDropout } from './nn/concrete-dropout.js';
export { maxNorm, nonNegative, unitNorm } from './nn/constraints.js';
export { type DenseOptions, dense } from './nn/dense.js';
export type { Described } from './nn/described.js';
export { dropConnect } from './nn/drop-connect.js';
export { type DropoutMaskOptions, dropout, dropoutMask } from './nn/dropout.js';
export { type ElasticNetOptions, elasticNet } from './nn/elastic-net.js';
export { ema } from './nn/ema.js';
export { type GroupLassoOptions, groupLasso } from './nn/group-lasso.js';
export { groups, type ParameterGroup } from './nn/groups.js';
export type { HyperParameters } from './nn/hyper-parameters.js';
export { glorot, he, type Initializer, type InitializerOptions, lecun, zeros } from './nn/initializers.js';
export { type L1Options, l1 } from './nn/l1.js';
export { type L2Convention, type L2Options, l2 } from './nn/l2.js';
export type { Constraint, HostRate, Layer, Model, Regularizer, StepContext } from './nn/layer.js';
export { sequential } from './nn/layer.js';
export { type LionOptions, lion } from './nn/lion.js';
export type { Loss, LossContext, OutputMeaning } from './nn/losses.js';
export {
  binaryCrossEntropy,
  focal,
  hinge,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  type SoftmaxCrossEntropyOptions,
  softmaxCrossEntropy,
  softTargetCrossEntropy,
} from './nn/losses.js';
export { mixup } from './nn/mixup.js';
export { alphaDropout, gaussianDropout, gaussianNoise } from './nn/noise.js';
export { type BatchNormOptions, batchNorm, type LayerNormOptions, layerNorm } from './nn/normalisation.js';
export type { Optimizer } from './nn/optimizers.js';
export { type AdamOptions, type AdamwOptions, adam, adamw, type SgdOptions, sgd } from './nn/optimizers.js';
export { penalties } from './nn/penalties.js';
export { type RmspropOptions, rmsprop } from './nn/rmsprop.js';
export {
  constantRate,
  cosineDecay,
  exponentialDecay,
  linearDecay,
  type Schedule,
  stepDecay,
  warmup,
} from './nn/schedules.js';
export { type StandoutOptions, standout } from './nn/standout.js';
export { toOnnx } from './onnx/to-onnx.js';
export type { Seed } from './random/seed.js';
export { createReferenceEngine } from './reference/reference-engine.js';
export type { ColumnKind, TableColumn } from './table/column.js';
export type { FeaturePreparation, Preparation, Split } from './table/preparation.js';
export {
  type PreparedTable,
  type PrepareInTurnsOptions,
  type PrepareTableOptions,
  prepareTable,
  prepareTableInTurns,
} from './table/prepare-table.js';
export type { TableSource } from './table/read-bytes.js';
export { type ReadTableOptions, readTable } from './table/read-table.js';
export type { Table } from './table/table.js';
export type { TableTask, TaskOptions } from './table/task.js';
export type { AnnotationOptions } from './train/annotations.js';
export { configOf, type DescribedPart, type TrainingConfig } from './train/config-of.js';
export { costOf, type TrainingCost } from './train/cost-of.js';
export { createPopulation } from './train/create-population.js';
export { createTrainer } from './train/create-trainer.js';
export {
  type DropoutMask,
  type PredictSamplesOptions,
  predictSamples,
  type ReadDropoutMaskOptions,
  readDropoutMask,
} from './train/dropout.js';
export type { EarlyStoppingOptions, FitOptions, MemberWeights } from './train/fit-options.js';
export type { FitRun } from './train/fit-run.js';
export { type LoadModelOptions, loadModel } from './train/load-model.js';
export { type LoadOptions, loadTrainer } from './train/load-trainer.js';
export type { Divergence } from './train/member.js';
export type { Weights } from './train/members.js';
export type { Parts, PartsOptions } from './train/own-parts.js';
export type { MemberCopy, Population } from './train/population.js';
export type { MemberOptions, PopulationOptions } from './train/prepare-members.js';
export type {
  EpochReport,
  Evaluation,
  Metrics,
  PerMember,
  PopulationMetrics,
  StepMetrics,
  StepReport,
} from './train/reports.js';
export type { SaveOptions } from './train/save.js';
export type { Rows } from './train/table-rows.js';
export type { EncodeOptions, TrainedModel } from './train/trained-model.js';
export type { Trainer } from './train/trainer.js';
export type { TrainerOptions } from './train/trainer-options.js';
export { type ConfiguredTraining, trainingFromConfig } from './train/training-from-config.js';
