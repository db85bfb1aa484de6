import type { Bbox, Detection } from '../domain/detection.js';
import { anchorCountOf, gridsOf } from './grid.js';
import { notFinite, type Network } from './network.js';

/** Centre x and y, log width and height, objectness; the confidences of the classes follow. */
const BOX_VALUES = 5;

/** The shape of a YOLOX output: batch, anchors, values of an anchor. */
export function yoloxDims({ input, labels }: Network): readonly number[] {
  return [1, anchorCountOf(input), BOX_VALUES + labels.length];
}

/** Reads YOLOX outputs; the confidence of a class is its own times the objectness. */
export function createYoloxDecoder(network: Network) {
  const grids = gridsOf(network.input);
  const classCount = network.labels.length;

  return function decode(output: Float32Array, conf: number): Detection[] {
    const candidates: Detection[] = [];
    let at = 0;
    for (const { gridStride, columns, rows } of grids) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, at += BOX_VALUES + classCount) {
          const objectness = output[at + 4]!;
          // A class's own confidence is at most 1; written so that NaN goes on to be found out.
          if (objectness < conf) continue;
          const classId = bestClass(output, at + BOX_VALUES, classCount, network);
          const confidence = objectness * output[at + BOX_VALUES + classId]!;
          if (confidence < conf) continue;
          const bbox = decodeBox(output, at, column, row, gridStride);
          if (!bbox.every(Number.isFinite) || !Number.isFinite(confidence))
            throw notFinite(network);
          candidates.push({ classId, confidence, bbox });
        }
      }
    }
    return candidates;
  };
}

function bestClass(output: Float32Array, from: number, count: number, network: Network): number {
  let best = 0;
  for (let classId = 0; classId < count; classId++) {
    const confidence = output[from + classId]!;
    if (Number.isNaN(confidence)) throw notFinite(network);
    if (confidence > output[from + best]!) best = classId;
  }
  return best;
}

function decodeBox(
  output: Float32Array,
  at: number,
  column: number,
  row: number,
  gridStride: number,
): Bbox {
  const x = (output[at]! + column) * gridStride;
  const y = (output[at + 1]! + row) * gridStride;
  const halfWidth = (Math.exp(output[at + 2]!) * gridStride) / 2;
  const halfHeight = (Math.exp(output[at + 3]!) * gridStride) / 2;
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}
