import type { ModelOutput } from '../../../domain/model/model-output.js';
import type { OutputTensor } from '../families/index.js';
import type { Network } from '../../session/network.js';

/** Values of an anchor before those of its classes. */
const BOX_VALUES = { yolov5: 5, yolov8: 4 } as const;
/** Two corners, confidence, class. */
const END_TO_END_VALUES = 6;

/** Writes the coefficients of an anchor into an array that is as long as there are of them. */
export type ReadCoefficients = (rows: OutputTensor, anchor: number, into: Float32Array) => void;

/** Where each anchor's coefficients stand: after all of its other values. */
export function coefficientsReaderOf({ output, labels }: Network): ReadCoefficients {
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
