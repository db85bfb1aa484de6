import type { DatasetItem, DatasetTask } from '../../domain/dataset/dataset-item.js';
import { AppError } from '../../domain/errors.js';
import type { ClassifiedImage } from '../../domain/evaluation/classification.js';
import type { DetectedImage } from '../../domain/evaluation/detection.js';
import type { ImageFindings } from '../../domain/image-batch/image-row.js';
import { BUCKETS } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { predictionOf } from '../../domain/result/image-prediction.js';
import type { EvaluatedModel } from '../../domain/retrain/retrain.js';

/** Answer of a model for a test image, by task. */
export interface TestAnswers {
  readonly classify: ClassifiedImage;
  readonly detect: DetectedImage;
}

/**
 * Minimum confidence of an object in a test: the average precision is that of the whole range of
 * confidences, and objects below contribute next to nothing.
 */
const MIN_CONFIDENCE: Readonly<Record<DatasetTask, number>> = { classify: 0, detect: 0.001 };

export function testConfidenceOf(task: DatasetTask): number {
  return MIN_CONFIDENCE[task];
}

/**
 * Returns the answer for an item; an image that the model could not read has none.
 * @throws AppError `TRAIN_DATA` for an item of another task.
 */
export function answerOf(
  task: DatasetTask,
  { picture: image, label, objects }: DatasetItem,
  findings: ImageFindings,
  labels: readonly string[],
): ClassifiedImage | DetectedImage {
  const found = 'error' in findings ? null : findings.found;
  if (task === 'detect') {
    if (!objects) throw noContent(image.sha256, 'no list of objects');
    const truth = objects.map(({ class: name, box }) => ({ class: name, box }));
    const all = found?.kind === 'objects' ? found.objects : null;
    return { image: image.sha256, objects: truth, found: all };
  }
  if (label === undefined) throw noContent(image.sha256, 'no class');
  const labelled = { image: image.sha256, label };
  if (!found) return { ...labelled, predicted: null, confidence: 0 };
  const { class: predicted, confidence } = predictionOf(found, labels);
  return { ...labelled, predicted, confidence };
}

function noContent(sha256: string, what: string): AppError {
  return new AppError('TRAIN_DATA', `Image ${sha256} of the data set has ${what}.`);
}

/** Whether the model could not read the image. */
export function isFailed(answer: ClassifiedImage | DetectedImage): boolean {
  return 'found' in answer ? answer.found === null : answer.predicted === null;
}

/** Reads the answers that `evaluateModel` has written. */
export async function readAnswers<Task extends DatasetTask>(
  objects: Pick<ObjectStore, 'get'>,
  { key }: EvaluatedModel,
): Promise<TestAnswers[Task][]> {
  const data = await objects.get(BUCKETS.results, key);
  const lines = data.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as TestAnswers[Task]); // written by `evaluateModel`
}
