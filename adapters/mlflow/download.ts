import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { isLoggedModelId } from '../../domain/model/mlflow-ref.js';
import { isDataFile, KERAS_MODEL_FILE, MODEL_FILE } from '../../domain/names.js';
import type {
  SourceDownload,
  SourceModel,
  SourceVersion,
} from '../../domain/ports/model-source.js';
import { type Artifacts, artifactsOf, isMissing } from './artifacts.js';
import type { MlflowClient, OpenOptions } from './client.js';
import { MLMODEL_FILE, modelArtifactOf } from './flavour.js';
import { findLabels } from './labels.js';
import { saveArtifact } from './save-artifact.js';

/**
 * Downloads the ONNX or Keras model of a version with its data files, and finds its labels; `maxBytes`
 * is the limit of the sum of the files.
 */
export async function downloadVersion(
  client: MlflowClient,
  version: SourceVersion,
  maxBytes: number,
  options: SourceDownload,
): Promise<SourceModel> {
  const artifacts = artifactsOf(client, version);
  const title = titleOf(version);
  const { format, file, missing } = modelArtifactOf(await readMlmodel(artifacts, title), title);
  const path = join(options.folder, format === 'keras' ? KERAS_MODEL_FILE : MODEL_FILE);
  const limits = { ...options, maxBytes };
  const size = await saveArtifact((at) => artifacts.open(file, at), path, limits).catch(
    (error: unknown) => {
      throw isMissing(error) ? missing() : error;
    },
  );
  const { externalFiles, hasLabels } =
    format === 'keras' ? KERAS_REFERENCES : await options.inspect(path);
  const files = { title, names: externalFiles, beside: file, maxBytes: maxBytes - size };
  await saveDataFiles(artifacts, files, options);
  const labels = await findLabels({ client, artifacts, version, hasLabels });
  return { path, format, ...(labels && { labels }) };
}

const KERAS_REFERENCES = { externalFiles: [], hasLabels: false };

function titleOf({ name, version }: SourceVersion): string {
  return isLoggedModelId(name) ? `Model ${name}` : `Version ${version} of ${name}`;
}

async function readMlmodel(artifacts: Artifacts, title: string): Promise<string> {
  const text = await artifacts.find(MLMODEL_FILE);
  if (text !== undefined) return text;
  throw new AppError(
    'MODEL_INVALID',
    `${title} has no ${MLMODEL_FILE} file: its artifacts were deleted, or it was registered from a folder that is not a model. Log the model again.`,
  );
}

interface DataFiles {
  readonly title: string;
  readonly names: readonly string[];
  /** The ONNX file in the folder of which they are. */
  readonly beside: string;
  readonly maxBytes: number;
}

async function saveDataFiles(
  artifacts: Artifacts,
  { title, names, beside, maxBytes }: DataFiles,
  options: SourceDownload,
): Promise<void> {
  let bytesLeft = maxBytes;
  for (const name of names) {
    expectPlain(title, name);
    const target = join(options.folder, name);
    await mkdir(dirname(target), { recursive: true });
    const file = join(dirname(beside), name);
    const open = (at: OpenOptions) => artifacts.open(file, at);
    const limits = { ...options, maxBytes: bytesLeft };
    bytesLeft -= await saveArtifact(open, target, limits).catch((error: unknown) => {
      throw isMissing(error) ? withoutWeights(title, name, error) : error;
    });
  }
}

function expectPlain(title: string, name: string): void {
  if (isDataFile(name)) return;
  throw new AppError(
    'MODEL_INVALID',
    `${title} names weights at ${JSON.stringify(name)}, which is not a plain path inside the folder of the model. Log the model again.`,
  );
}

/** The first save of a model by MLflow moves its weights out of the object, so a second has none. */
function withoutWeights(title: string, name: string, cause: unknown): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${title} names weights in ${name} which it does not have. That happens when the same object is logged twice. Log a freshly loaded model: mlflow.onnx.log_model(onnx.load("model.onnx"), name="model").`,
    {},
    { cause },
  );
}
