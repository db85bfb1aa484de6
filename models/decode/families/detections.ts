import { AppError } from '../../../domain/errors.js';
import type { OutputOf } from '../../../domain/model/model-output.js';
import { notFinite, type Network } from '../../session/network.js';
import { addCorners, type OutputReader, type OutputTensor, unitOf } from './output-reader.js';

/** Where x and y of the two corners stand. */
const CORNERS = { xyxy: [0, 1, 2, 3], yxyx: [1, 0, 3, 2] } as const;

/** Reads a finished list of a tensor each for boxes, confidences and classes. */
export function createDetectionsReader(
  network: Network,
  output: OutputOf<'detections'>,
): OutputReader {
  const { boxes, confidences, classes, count } = output;
  const names = [boxes, confidences, classes, ...(count === undefined ? [] : [count])];
  const unit = unitOf(network, output.coordinates);
  const [xMin, yMin, xMax, yMax] = CORNERS[output.corners];
  return {
    // Some exporters leave out the batch, so the shapes are compared with each other instead.
    tensors: names.map((name) => ({ name })),
    finished: true,
    read([boxTensor, confidenceTensor, classTensor, countTensor], conf, candidates) {
      const box = boxTensor!.values;
      const confidence = confidenceTensor!.values;
      const classId = classTensor!.values;
      const rows = expectList(network, box, confidence, classId);
      const valid = Math.min(rows, countTensor?.values[0] ?? rows);
      if (Number.isNaN(valid)) throw notFinite(network);
      for (let row = 0, at = 0; row < valid; row++, at += 4) {
        // Rows that the network left empty have confidence 0.
        if (confidence[row]! < conf || confidence[row] === 0) continue;
        addCorners(
          network,
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

/** Rows of a list whose tensors must be of one length. */
function expectList(
  { name }: Network,
  boxes: OutputTensor['values'],
  confidences: OutputTensor['values'],
  classes: OutputTensor['values'],
): number {
  const rows = confidences.length;
  if (classes.length === rows && boxes.length === 4 * rows) return rows;
  throw new AppError(
    'MODEL_INVALID',
    `Model ${name} gave ${boxes.length} values for boxes, ${rows} confidences and ${classes.length} classes; expected four, one and one for each object: check the names of the outputs in its manifest`,
    { model: name },
  );
}
