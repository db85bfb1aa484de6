import { join } from 'node:path/posix';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../../domain/errors.js';
import { isDataFile, KERAS_MODEL_FILE, MODEL_FILE } from '../../domain/names.js';
import type { SourceModel } from '../../domain/ports/model-source.js';

/** Description of a logged model. */
export const MLMODEL_FILE = 'MLmodel';
const flavourSchema = z.looseObject({ data: z.string().optional() }).catch({});
const mlmodelSchema = z.object({ flavors: z.record(z.string(), flavourSchema) });

const LOG_ONNX =
  'Convert the model to ONNX and log it with mlflow.onnx.log_model(onnx_model, name="model").';
const SAVED_MODEL =
  'Convert the folder of the model with: python -m tf2onnx.convert --saved-model DIR --output model.onnx. Then log it with mlflow.onnx.log_model(onnx.load("model.onnx"), name="model").';
const KERAS = `Log it as a file of Keras 3: mlflow.keras.log_model(model, name="model"), without save_exported_model. Otherwise: ${SAVED_MODEL}`;
const PYTORCH =
  'Export it with: torch.onnx.export(model, example, "model.onnx"). Then log it with mlflow.onnx.log_model(onnx.load("model.onnx"), name="model").';

/** Flavours that cannot be run, the most specific first. */
const ADVICE: Readonly<Record<string, string>> = {
  keras: KERAS,
  tensorflow: SAVED_MODEL,
  pytorch: PYTORCH,
};

/** Flavours with a file of Keras, unless it was saved in an older format. */
const KERAS_FLAVOURS = ['keras', 'tensorflow'];

/** File of a logged model that can be run. */
export interface ModelArtifact {
  readonly format: SourceModel['format'];
  /** Path of the file in the model. */
  readonly file: string;
  /** Error if the model has no such file. */
  readonly missing: () => AppError;
}

/**
 * Returns the file of a logged model that can be run, by its `MLmodel` file: an ONNX file, or one of
 * Keras 3.
 * @param title the model in messages.
 * @throws AppError `MODEL_INVALID` for a model without one, with the conversion.
 */
export function modelArtifactOf(mlmodel: string, title: string): ModelArtifact {
  const { flavors } = parseMlmodel(mlmodel, title);
  const names = Object.keys(flavors);
  if (flavors.onnx) {
    const file = flavors.onnx.data ?? MODEL_FILE;
    expectPlain(title, file, 'ONNX file');
    const missing = () => invalid(title, `has no file ${file}. Log the model again.`);
    return { format: 'onnx', file, missing };
  }
  const folder = KERAS_FLAVOURS.map((name) => flavors[name]?.data).find(
    (data) => data !== undefined,
  );
  if (folder === undefined) throw unsupported(title, names);
  const file = join(folder, KERAS_MODEL_FILE);
  expectPlain(title, file, 'Keras file');
  return { format: 'keras', file, missing: () => unsupported(title, names) };
}

function expectPlain(title: string, file: string, what: string): void {
  if (file === MODEL_FILE || isDataFile(file)) return;
  throw invalid(title, `names ${JSON.stringify(file)} as its ${what}, which is not a plain path.`);
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
  return invalid(
    title,
    `has neither an ONNX file nor a file of Keras 3 (its flavours: ${found}). ${advice}`,
  );
}

function invalid(title: string, problem: string, cause?: unknown): AppError {
  return new AppError('MODEL_INVALID', `${title} ${problem}`, {}, { cause });
}
