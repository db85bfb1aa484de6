import { isInside } from '../result/corrected-objects.js';
import type { Bbox } from '../result/detection.js';
import type { FrameFeedback } from '../result/frame-feedback.js';
import type { Feedback, LoggedPrediction } from '../result/prediction-log.js';
import type { DatasetTask, ItemContent } from './dataset-item.js';
import { sortObjects } from './verdicts.js';

/**
 * Returns the content of feedback on a prediction for a task: the class, or the complete list of objects,
 * which may be a box alone; undefined if it has none for the task.
 */
export function predictionContent(
  task: DatasetTask,
  { class: name, box, objects }: Pick<Feedback, 'class' | 'box' | 'objects'>,
  { picture: image, predicted_class }: LoggedPrediction,
): ItemContent | undefined {
  if (task === 'classify') return name === undefined ? undefined : { label: name };
  if (objects) return { objects: sortObjects(objects) };
  const [xMin, yMin, xMax, yMax] = box ?? [];
  const className = name ?? predicted_class;
  if (yMax === undefined || className === null) return undefined;
  const object = { class: className, box: [xMin, yMin, xMax, yMax] as Bbox }; // box has four
  return image && !isInside(object, image) ? undefined : { objects: [object] };
}

/** Returns the content of feedback on a frame. */
export function frameContent({ objects }: Pick<FrameFeedback, 'objects'>): ItemContent {
  return { objects: sortObjects(objects) };
}
