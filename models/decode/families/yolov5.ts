import type { OutputOf } from '../../../domain/model/model-output.js';
import { nonFiniteOutput, type InferenceSpec } from '../../session/inference-spec.js';
import { addCentred, type OutputReader, unitOf } from './output-reader.js';

/** Centre x and y, width, height, objectness; class confidences follow. */
const BOX_VALUES = 5;

/** Reads YOLOv5 outputs: a confidence is the class confidence times the objectness. */
export function createYolov5Reader(model: InferenceSpec, output: OutputOf<'yolov5'>): OutputReader {
  const valueCount = BOX_VALUES + model.labels.length + (output.masks?.coefficients ?? 0);
  const inRows = output.orientation === 'rows';
  const unit = unitOf(model, output.coordinates);
  return {
    tensors: [
      {
        name: output.tensor,
        dims: inRows ? [1, undefined, valueCount] : [1, valueCount, undefined],
      },
    ],
    nmsFree: false,
    read([tensor], conf, candidates) {
      const { values, dims } = tensor!;
      const anchors = dims[inRows ? 1 : 2]!;
      const anchorStep = inRows ? valueCount : 1;
      const step = inRows ? 1 : anchors;
      for (let anchor = 0, at = 0; anchor < anchors; anchor++, at += anchorStep) {
        const objectness = values[at + 4 * step]!;
        // A class confidence is at most 1. NaN passes, so that it is rejected below.
        if (objectness < conf) continue;
        const classId = bestClassWithStep(model, values, at + BOX_VALUES * step, step);
        const confidence = objectness * values[at + (BOX_VALUES + classId) * step]!;
        if (confidence < conf) continue;
        addCentred(
          model,
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

/** Returns the class with the highest value of an anchor; its values are `step` apart. */
function bestClassWithStep(
  model: InferenceSpec,
  values: Float32Array,
  first: number,
  step: number,
): number {
  let best = 0;
  for (let classId = 0; classId < model.labels.length; classId++) {
    const value = values[first + classId * step]!;
    if (Number.isNaN(value)) throw nonFiniteOutput(model);
    if (value > values[first + best * step]!) best = classId;
  }
  return best;
}
