import type { OutputOf } from '../../../domain/model/model-output.js';
import { anchorCountOf, gridsOf } from '../grid.js';
import type { Network } from '../../session/network.js';
import { addCentred, bestClassOf, type OutputReader } from './output-reader.js';

/** Centre x and y, log width and height, objectness; the confidences of the classes follow. */
const BOX_VALUES = 5;

/** Reads YOLOX outputs; the confidence of a class is its own times the objectness. */
export function createYoloxReader(network: Network, output: OutputOf<'yolox'>): OutputReader {
  const grids = gridsOf(network.input, output.strides);
  const valueCount = BOX_VALUES + network.labels.length;
  const anchors = anchorCountOf(network.input, output.strides);
  return {
    tensors: [{ name: output.tensor, dims: [1, anchors, valueCount] }],
    finished: false,
    read([tensor], conf, candidates) {
      const { values } = tensor!;
      let at = 0;
      for (const { gridStride, columns, rows } of grids) {
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++, at += valueCount) {
            const objectness = values[at + 4]!;
            // A class's own confidence is at most 1; written so that NaN goes on to be found out.
            if (objectness < conf) continue;
            const classId = bestClassOf(network, values, at + BOX_VALUES, -Infinity);
            const confidence = objectness * values[at + BOX_VALUES + classId]!;
            if (confidence < conf) continue;
            addCentred(
              network,
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
