import type { OutputOf } from '../../../domain/model/model-output.js';
import { notFinite, type Network } from '../../session/network.js';
import { addCentred, type OutputReader, unitOf } from './output-reader.js';

/** Centre x and y, width, height, objectness; the confidences of the classes follow. */
const BOX_VALUES = 5;

/** Reads YOLOv5 outputs; the confidence of a class is its own times the objectness. */
export function createYolov5Reader(network: Network, output: OutputOf<'yolov5'>): OutputReader {
  const valueCount = BOX_VALUES + network.labels.length + (output.masks?.coefficients ?? 0);
  const inRows = output.orientation === 'rows';
  const unit = unitOf(network, output.coordinates);
  return {
    tensors: [
      {
        name: output.tensor,
        dims: inRows ? [1, undefined, valueCount] : [1, valueCount, undefined],
      },
    ],
    finished: false,
    read([tensor], conf, candidates) {
      const { values, dims } = tensor!;
      const anchors = dims[inRows ? 1 : 2]!;
      const anchorStep = inRows ? valueCount : 1;
      const step = inRows ? 1 : anchors;
      for (let anchor = 0, at = 0; anchor < anchors; anchor++, at += anchorStep) {
        const objectness = values[at + 4 * step]!;
        // A class's own confidence is at most 1; written so that NaN goes on to be found out.
        if (objectness < conf) continue;
        const classId = bestOf(network, values, at + BOX_VALUES * step, step);
        const confidence = objectness * values[at + (BOX_VALUES + classId) * step]!;
        if (confidence < conf) continue;
        addCentred(
          network,
          candidates,
          classId,
          confidence,
          values[at]! * unit.x,
          values[at + step]! * unit.y,
          values[at + 2 * step]! * unit.x,
          values[at + 3 * step]! * unit.y,
          anchor,
        );
      }
    },
  };
}

/** The class of the highest value of an anchor whose values stand `step` apart. */
function bestOf(network: Network, values: Float32Array, first: number, step: number): number {
  let best = 0;
  for (let classId = 0; classId < network.labels.length; classId++) {
    const value = values[first + classId * step]!;
    if (Number.isNaN(value)) throw notFinite(network);
    if (value > values[first + best * step]!) best = classId;
  }
  return best;
}
