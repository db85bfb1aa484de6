import { dirname, join } from 'node:path';
import { AppError } from '../../domain/errors.js';
import { catalogueNameOf, mlflowUriOf, parseMlflowUri } from '../../domain/model/mlflow-ref.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { KERAS_MODEL_FILE, MODEL_FILE } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type {
  ModelSource,
  SourceDownload,
  SourceModel,
  SourceVersion,
} from '../../domain/ports/model-source.js';
import { withTemporaryFolder } from '../../platform/temporary-folder.js';
import { readOnnxReferences } from '../onnx/onnx-references.js';
import type { Answers } from '../recognise/index.js';
import { parseLabels } from '../recognise/labels.js';
import type { ExamineRequest } from './examine.js';
import type { ModelRuns } from './model-runs.js';
import { testModel, type TestRequest } from './test-model.js';

export type MirrorRequest = Pick<TestRequest, 'answers' | 'onConcluded' | 'onTested'> &
  Pick<SourceDownload, 'signal' | 'onBytes'> & {
    /** Folder in which a temporary folder is created. */
    readonly config: { readonly dataDir: string };
    readonly source: ModelSource;
    readonly models: Pick<ModelRegistry, 'publish'>;
    readonly runs: Pick<ModelRuns, 'convertKeras' | 'measureOutputs' | 'selfTest'>;
    /** Answers open questions about the model at a URI, or rejects. */
    readonly answer: (uri: string) => ExamineRequest['answer'];
  };

/**
 * Copies a model of MLflow into the catalogue, under its version there.
 * @throws AppError of the source; `MODEL_INVALID` for a model that cannot be run or whose name is taken,
 * `INVALID_INPUT` for open questions.
 */
export async function mirrorModel(uri: string, request: MirrorRequest): Promise<ModelManifest> {
  return mirrorVersion(await request.source.resolve(parseMlflowUri(uri)), request);
}

/** Copies a version of MLflow into the catalogue. Throws as {@link mirrorModel} does. */
export async function mirrorVersion(
  version: SourceVersion,
  request: MirrorRequest,
): Promise<ModelManifest> {
  const { source, config, signal, onBytes } = request;
  return withTemporaryFolder(config, 'model-', async (folder) => {
    const options = { folder, inspect: readOnnxReferences, signal, onBytes };
    const model = await source.download(version, options);
    try {
      return await publish(await toOnnx(model, request), model.labels, version, request);
    } catch (error) {
      throw withUri(error, folder, mlflowUriOf(version));
    }
  });
}

/** Replaces the path of a temporary file in the message of an error by the model. */
function withUri(error: unknown, folder: string, uri: string): unknown {
  if (!(error instanceof AppError) || !error.message.includes(folder)) return error;
  const message = [MODEL_FILE, KERAS_MODEL_FILE].reduce(
    (text, file) => text.replaceAll(join(folder, file), uri),
    error.message,
  );
  return new AppError(error.code, message, error.facts, { cause: error });
}

/** Returns the path of the ONNX file of a model, which of Keras is converted. */
async function toOnnx({ path, format }: SourceModel, { runs }: MirrorRequest): Promise<string> {
  if (format === 'onnx') return path;
  const converted = join(dirname(path), MODEL_FILE);
  await runs.convertKeras(path, converted);
  return converted;
}

async function publish(
  path: string,
  labels: SourceModel['labels'],
  version: SourceVersion,
  { runs, answers, answer, onConcluded, onTested, models }: MirrorRequest,
): Promise<ModelManifest> {
  const uri = mlflowUriOf(version);
  const { manifest } = await testModel({
    ...{ path, runs, onConcluded, onTested },
    name: catalogueNameOf(version.name),
    source: `MLflow ${uri}`,
    answers: withLabels(answers, labels),
    answer: answer(uri),
  });
  return models.publish(path, { ...manifest, mlflow: originOf(version) });
}

/** Labels from the user take precedence. */
function withLabels(answers: Answers, labels: SourceModel['labels']): Answers {
  return labels ? { labels: parseLabels(labels.text, labels.title), ...answers } : answers;
}

function originOf({ name, version, runId, modelId, source }: SourceVersion) {
  return {
    name,
    version,
    run_id: runId,
    ...(modelId !== undefined && { model_id: modelId }),
    source,
  };
}
