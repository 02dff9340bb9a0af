import type { AnnotationOptions } from '../train/annotations.js';
import type { TrainedModel } from '../train/trained-model.js';
import type { Trainer } from '../train/trainer.js';

/**
 * Returns an ONNX file (opset 17) of a trained network, with the preparation of its table and with softmax or sigmoid, for
 * any number of rows. A model of a table has an input [rows, 1] for each column, of the same name: float64 for a number (NaN
 * if it is missing) and for a date (days from 1970-01-01, UTC), a string for a category and for yes or no. Any other model has
 * the input `x` [rows, features]. The outputs are `output` as `predict` returns it; for classes also `probabilities`
 * [rows, outputs], but for `hinge`, and `label` [rows]; for a number of a table `prediction` [rows, 1], float64, in the units of the table.
 * @throws TypeError or RangeError naming an option that is wrong; EngineError of kind `unsupported` if the model has a layer of
 * your own
 */
export async function toOnnx(
  model: Trainer | TrainedModel,
  options: AnnotationOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { writeOnnx } = await import('./write-onnx.js');
  return writeOnnx(model, options);
}
