import { AppError } from '../../domain/errors.js';

/** Commands that convert a Keras model in Python, as advice. */
const CONVERT_IN_PYTHON =
  'Convert it in Python: run model.export("DIR") in Keras, then "python -m tf2onnx.convert --saved-model DIR --output model.onnx", and add model.onnx.';

/** Error for a part of a Keras file that cannot be converted; the caller adds the path of the file. */
export function notConverted(problem: string, cause?: unknown): AppError {
  return new AppError('MODEL_INVALID', `${problem}. ${CONVERT_IN_PYTHON}`, {}, { cause });
}

/** Error for a Keras file that is damaged or was changed by hand. */
export function damaged(problem: string, cause?: unknown): AppError {
  const advice = 'Copy it again, or save the model again with model.save("model.keras").';
  return new AppError('MODEL_INVALID', `${problem}. ${advice}`, {}, { cause });
}
