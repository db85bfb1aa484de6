import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { isDataFile, MODEL_FILE } from '../../domain/names.js';

/** Description of a logged model. */
export const MLMODEL_FILE = 'MLmodel';

const flavourSchema = z.looseObject({ data: z.string().optional() }).catch({});
const mlmodelSchema = z.object({ flavors: z.record(z.string(), flavourSchema) });

const LOG_ONNX =
  'Convert the model to ONNX and log it with mlflow.onnx.log_model(onnx_model, name="model").';
const SAVED_MODEL =
  'Convert its folder with: python -m tf2onnx.convert --saved-model DIR --output model.onnx. Then log it with mlflow.onnx.log_model(onnx.load("model.onnx"), name="model").';
const KERAS =
  'Export it with Keras: model.export("model.onnx", format="onnx"). Then log it with mlflow.onnx.log_model(onnx.load("model.onnx"), name="model").';
const PYTORCH =
  'Export it with: torch.onnx.export(model, example, "model.onnx"). Then log it with mlflow.onnx.log_model(onnx.load("model.onnx"), name="model").';

/** Flavours that cannot be run, the most specific first. */
const ADVICE: Readonly<Record<string, string>> = {
  keras: KERAS,
  tensorflow: SAVED_MODEL,
  pytorch: PYTORCH,
};

/**
 * Returns the path of the ONNX file of a logged model from its `MLmodel` file.
 * @param title the model in messages.
 * @throws AppError `MODEL_INVALID` for a model without the ONNX flavour, with the conversion.
 */
export function onnxFileOf(mlmodel: string, title: string): string {
  const { flavors } = parseMlmodel(mlmodel, title);
  if (!flavors.onnx) throw unsupported(title, Object.keys(flavors));
  const file = flavors.onnx.data ?? MODEL_FILE;
  if (file === MODEL_FILE || isDataFile(file)) return file;
  throw invalid(
    title,
    `names ${JSON.stringify(file)} as its ONNX file, which is not a plain path.`,
  );
}

function parseMlmodel(text: string, title: string) {
  try {
    return mlmodelSchema.parse(parse(text));
  } catch (cause) {
    throw invalid(title, `has a damaged ${MLMODEL_FILE} file. Log the model again.`, cause);
  }
}

function unsupported(title: string, flavours: readonly string[]): AppError {
  const known = Object.keys(ADVICE).find((flavour) => flavours.includes(flavour));
  const advice = known === undefined ? LOG_ONNX : ADVICE[known]!;
  const found = flavours.join(', ') || 'none';
  return invalid(title, `has no ONNX file (its flavours: ${found}). ${advice}`);
}

function invalid(title: string, problem: string, cause?: unknown): AppError {
  return new AppError('MODEL_INVALID', `${title} ${problem}`, {}, { cause });
}
