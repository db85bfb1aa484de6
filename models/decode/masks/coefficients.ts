import type { ModelOutput } from '../../../domain/model/model-output.js';
import type { OutputTensor } from '../families/index.js';
import type { InferenceSpec } from '../../session/inference-spec.js';

/** Number of values of an anchor before its classes. */
const BOX_VALUES = { yolov5: 5, yolov8: 4 } as const;
/** Number of values before the coefficients: two corners, confidence, class. */
const END_TO_END_VALUES = 6;

/** Writes the coefficients of an anchor into `into`, whose length is their number. */
export type ReadCoefficients = (rows: OutputTensor, anchor: number, into: Float32Array) => void;

/** Creates the reader of an anchor's coefficients, which follow its other values. */
export function createCoefficientsReader({ output, labels }: InferenceSpec): ReadCoefficients {
  const first = valuesBefore(output, labels.length);
  if ('orientation' in output && output.orientation === 'columns') {
    return ({ values, dims }, anchor, into) => {
      const anchors = dims[2]!;
      for (let i = 0; i < into.length; i++) into[i] = values[(first + i) * anchors + anchor]!;
    };
  }
  return ({ values, dims }, anchor, into) => {
    const start = anchor * dims[2]! + first;
    for (let i = 0; i < into.length; i++) into[i] = values[start + i]!;
  };
}

function valuesBefore(output: ModelOutput, classCount: number): number {
  return output.family === 'yolov5' || output.family === 'yolov8'
    ? BOX_VALUES[output.family] + classCount
    : END_TO_END_VALUES;
}
