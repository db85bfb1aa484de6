import type { Config } from '../../config/index.js';
import { catalogueNameOf, mlflowUriOf, parseMlflowUri } from '../../domain/model/mlflow-ref.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type {
  ModelSource,
  SourceDownload,
  SourceModel,
  SourceVersion,
} from '../../domain/ports/model-source.js';
import { readOnnxReferences } from '../../models/onnx/onnx-references.js';
import type { Answers } from '../../models/recognise/index.js';
import { parseLabels } from '../../models/recognise/labels.js';
import { testModel, type TestRequest } from './add-model.js';
import { refuseQuestions } from './ask.js';
import { withTemporaryFolder } from './temporary-folder.js';

export type MirrorRequest = Pick<TestRequest, 'runs' | 'answers' | 'onConcluded' | 'onTested'> &
  Pick<SourceDownload, 'signal' | 'onBytes'> & {
    readonly config: Pick<Config, 'dataDir'>;
    readonly source: ModelSource;
    readonly models: ModelRegistry;
  };

/**
 * Copies a version of MLflow into the catalogue, under its number there.
 * @throws AppError of the source; `MODEL_INVALID` for a model that cannot be run or whose name is taken,
 * `INVALID_INPUT` for open questions.
 */
export async function mirrorModel(uri: string, request: MirrorRequest): Promise<ModelManifest> {
  const { source, config, signal, onBytes } = request;
  const version = await source.resolve(parseMlflowUri(uri));
  return withTemporaryFolder(config, 'model-', async (folder) => {
    const options = { folder, inspect: readOnnxReferences, signal, onBytes };
    return publish(await source.download(version, options), version, request);
  });
}

async function publish(
  { path, labels }: SourceModel,
  version: SourceVersion,
  { runs, answers, onConcluded, onTested, models }: MirrorRequest,
): Promise<ModelManifest> {
  const uri = mlflowUriOf(version);
  const { manifest } = await testModel({
    ...{ path, runs, onConcluded, onTested },
    name: catalogueNameOf(version.name),
    source: `MLflow ${uri}`,
    answers: withLabels(answers, labels),
    answer: refuseQuestions(uri, `vidette models pull ${uri}`),
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
