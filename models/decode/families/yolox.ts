import type { OutputOf } from '../../../domain/model/model-output.js';
import { anchorCountOf, gridsOf } from '../grid.js';
import type { InferenceSpec } from '../../session/inference-spec.js';
import { addCentred, bestClassOf, type OutputReader } from './output-reader.js';

/** Centre x and y, log width and height, objectness; class confidences follow. */
const BOX_VALUES = 5;

/** Reads YOLOX outputs (arXiv:2107.08430): a confidence is class confidence times objectness. */
export function createYoloxReader(model: InferenceSpec, output: OutputOf<'yolox'>): OutputReader {
  const grids = gridsOf(model.input, output.strides);
  const valueCount = BOX_VALUES + model.labels.length;
  const anchors = anchorCountOf(model.input, output.strides);
  return {
    tensors: [{ name: output.tensor, dims: [1, anchors, valueCount] }],
    nmsFree: false,
    read([tensor], conf, candidates) {
      const { values } = tensor!;
      let at = 0;
      for (const { gridStride, columns, rows } of grids) {
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++, at += valueCount) {
            const objectness = values[at + 4]!;
            // A class confidence is at most 1. NaN passes, so that it is rejected below.
            if (objectness < conf) continue;
            const classId = bestClassOf(model, values, at + BOX_VALUES, -Infinity);
            const confidence = objectness * values[at + BOX_VALUES + classId]!;
            if (confidence < conf) continue;
            addCentred(
              model,
              candidates,
              classId,
              confidence,
              (values[at]! + column) * gridStride,
              (values[at + 1]! + row) * gridStride,
              Math.exp(values[at + 2]!) * gridStride,
              Math.exp(values[at + 3]!) * gridStride,
            );
          }
        }
      }
    },
  };
}
