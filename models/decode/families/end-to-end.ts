import type { OutputOf } from '../../../domain/model/model-output.js';
import type { InferenceSpec } from '../../session/inference-spec.js';
import { addCentred, addCorners, type OutputReader, unitOf } from './output-reader.js';

/** Four box values, confidence, class; mask coefficients follow. */
const VALUES = 6;

/** Reads a list of detections after NMS in one tensor; padding rows have confidence 0. */
export function createEndToEndReader(
  model: InferenceSpec,
  output: OutputOf<'end-to-end'>,
): OutputReader {
  const valueCount = VALUES + (output.masks?.coefficients ?? 0);
  const unit = unitOf(model, output.coordinates);
  const add = output.box === 'cxcywh' ? addCentred : addCorners;
  return {
    tensors: [{ name: output.tensor, dims: [1, undefined, valueCount] }],
    nmsFree: true,
    read([tensor], conf, candidates) {
      const { values } = tensor!;
      for (let row = 0, at = 0; at < values.length; row++, at += valueCount) {
        const confidence = values[at + 4]!;
        if (confidence < conf || confidence === 0) continue;
        add(
          model,
          candidates,
          values[at + 5]!,
          confidence,
          values[at]! * unit.x,
          values[at + 1]! * unit.y,
          values[at + 2]! * unit.x,
          values[at + 3]! * unit.y,
          row,
        );
      }
    },
  };
}
