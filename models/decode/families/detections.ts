import { AppError } from '../../../domain/errors.js';
import type { OutputOf } from '../../../domain/model/model-output.js';
import { nonFiniteOutput, type InferenceSpec } from '../../session/inference-spec.js';
import { addCorners, type OutputReader, type OutputTensor, unitOf } from './output-reader.js';

/** Positions of xMin, yMin, xMax and yMax in a box. */
const CORNERS = { xyxy: [0, 1, 2, 3], yxyx: [1, 0, 3, 2] } as const;

/** Reads lists of detections after NMS: one tensor each for boxes, confidences and classes. */
export function createDetectionsReader(
  model: InferenceSpec,
  output: OutputOf<'detections'>,
): OutputReader {
  const { boxes, confidences, classes, count } = output;
  const names = [boxes, confidences, classes, ...(count === undefined ? [] : [count])];
  const unit = unitOf(model, output.coordinates);
  const [xMin, yMin, xMax, yMax] = CORNERS[output.corners];
  return {
    // Some exporters omit the batch dimension, so only the lengths are compared.
    tensors: names.map((name) => ({ name })),
    nmsFree: true,
    read([boxTensor, confidenceTensor, classTensor, countTensor], conf, candidates) {
      const box = boxTensor!.values;
      const confidence = confidenceTensor!.values;
      const classId = classTensor!.values;
      const rows = expectList(model, box, confidence, classId);
      const valid = Math.min(rows, countTensor?.values[0] ?? rows);
      if (Number.isNaN(valid)) throw nonFiniteOutput(model);
      for (let row = 0, at = 0; row < valid; row++, at += 4) {
        // Padding rows have confidence 0.
        if (confidence[row]! < conf || confidence[row] === 0) continue;
        addCorners(
          model,
          candidates,
          classId[row]! - output.first_class,
          confidence[row]!,
          box[at + xMin]! * unit.x,
          box[at + yMin]! * unit.y,
          box[at + xMax]! * unit.x,
          box[at + yMax]! * unit.y,
        );
      }
    },
  };
}

/** Number of rows of the list; all tensors must have the same. */
function expectList(
  { name }: InferenceSpec,
  boxes: OutputTensor['values'],
  confidences: OutputTensor['values'],
  classes: OutputTensor['values'],
): number {
  const rows = confidences.length;
  if (classes.length === rows && boxes.length === 4 * rows) return rows;
  throw new AppError(
    'MODEL_INVALID',
    `Model ${name} returned ${boxes.length} box values, ${rows} confidences and ${classes.length} classes; expected 4, 1 and 1 per object: check the output names in its manifest`,
    { model: name },
  );
}
