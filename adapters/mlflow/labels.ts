import { AppError } from '../../domain/errors.js';
import { isLoggedModelId } from '../../domain/model/mlflow-ref.js';
import type { SourceModel, SourceVersion } from '../../domain/ports/model-source.js';
import type { Artifacts } from './artifacts.js';
import type { MlflowClient } from './client.js';
import { readModelTag } from './resolve.js';

/** Labels in the form of Keras, as an artifact of a run or a model. */
export const LABELS_FILE = 'class_indices.json';
/** Tag of a registered model with its labels, in any form of a file of labels. */
const LABELS_TAG = 'labels';

export interface LabelSources {
  readonly client: MlflowClient;
  readonly artifacts: Artifacts;
  readonly version: SourceVersion;
  /** Whether the ONNX file has labels; those of the run and the model take precedence. */
  readonly hasLabels: boolean;
}

/**
 * Finds the class labels of a version: of its run, of the model, in the ONNX file, or in a tag of the
 * registered model. @throws AppError `MODEL_INVALID` if there are none.
 */
export async function findLabels(sources: LabelSources): Promise<SourceModel['labels']> {
  const { client, artifacts, version, hasLabels } = sources;
  const ofRun = await artifacts.findOfRun(LABELS_FILE);
  if (ofRun !== undefined) return { text: ofRun, title: `${LABELS_FILE} of run ${version.runId}` };
  const ofModel = await artifacts.find(LABELS_FILE);
  if (ofModel !== undefined) return { text: ofModel, title: `${LABELS_FILE} of the model` };
  if (hasLabels) return undefined;
  const tag = await findTag(client, version);
  if (tag !== undefined) return { text: tag, title: `the tag ${LABELS_TAG} of ${version.name}` };
  throw missing(version);
}

/** A logged model that is not registered has no such tag. */
async function findTag(client: MlflowClient, { name }: SourceVersion): Promise<string | undefined> {
  return isLoggedModelId(name) ? undefined : readModelTag(client, name, LABELS_TAG);
}

function missing({ name, version, runId }: SourceVersion): AppError {
  const run = runId === '' ? 'its run' : `its run ${runId}`;
  return new AppError(
    'MODEL_INVALID',
    `Version ${version} of ${name} has no class labels. Add them in one of four ways: ${LABELS_FILE} as an artifact of ${run} (mlflow.log_dict({"cat": 0, "dog": 1}, "${LABELS_FILE}")), the same file among the artifacts of the model, "names" in the metadata of the ONNX file, or the tag "${LABELS_TAG}" of the registered model.`,
    { model: name },
  );
}
