import type { LoggedPrediction } from '../../client/index.js';
import { formatTable, formatTime } from '../format.js';

/** Formats predictions that await a person as a table. */
export function formatReviews(predictions: readonly LoggedPrediction[]): string {
  if (predictions.length === 0) return 'Nothing to review.';
  const rows = predictions.map((prediction) => [
    prediction.prediction_id,
    foundText(prediction),
    `${(prediction.confidence * 100).toFixed(0)} %`,
    `${prediction.model.name}@${prediction.model.version}`,
    formatTime(prediction.time.toISOString()),
    prediction.picture?.sha256.slice(0, 12) ?? '',
  ]);
  return formatTable([['PREDICTION', 'FOUND', 'CONFIDENCE', 'MODEL', 'TIME', 'IMAGE'], ...rows]);
}

/** @example foundText(prediction) // '2 objects: dog, person' */
function foundText({ objects, predicted_class }: LoggedPrediction): string {
  if (!objects) return predicted_class ?? 'nothing';
  const names = [...new Set(objects.map((object) => object.class))].join(', ');
  return objects.length === 0 ? 'no objects' : `${objects.length} objects: ${names}`;
}

/** Describes a prediction before a person is asked. */
export function reviewText(prediction: LoggedPrediction, path: string | undefined): string {
  const { confidence, model, time, feedback } = prediction;
  const facts = `${(confidence * 100).toFixed(0)} %, ${model.name}@${model.version}, ${formatTime(time.toISOString())}`;
  const given = feedback.map(
    ({ by = 'someone', class: name, objects }) =>
      `  ${by}: ${name ?? (objects ? `${objects.length} objects` : 'a comment')}`,
  );
  const image = path === undefined ? 'the image is not stored' : path;
  return [`${foundText(prediction)} (${facts})`, `  ${image}`, ...given].join('\n');
}
