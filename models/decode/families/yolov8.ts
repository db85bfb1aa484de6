import type { OutputOf } from '../../../domain/model/model-output.js';
import type { Candidates } from '../candidates.js';
import { nonFiniteOutput, type InferenceSpec } from '../../session/inference-spec.js';
import {
  addCentred,
  bestClassOf,
  type OutputReader,
  type OutputTensor,
  unitOf,
} from './output-reader.js';

/** Centre x and y, width, height; class confidences follow, without objectness. */
const BOX_VALUES = 4;

/** Reads YOLOv8 outputs, whose boxes the model has decoded. */
export function createYolov8Reader(model: InferenceSpec, output: OutputOf<'yolov8'>): OutputReader {
  const valueCount = BOX_VALUES + model.labels.length + (output.masks?.coefficients ?? 0);
  const inRows = output.orientation === 'rows';
  const read = inRows ? createRowReader(model, output) : createColumnReader(model, output);
  return {
    tensors: [
      {
        name: output.tensor,
        dims: inRows ? [1, undefined, valueCount] : [1, valueCount, undefined],
      },
    ],
    nmsFree: output.finished ?? false,
    read: ([tensor], conf, candidates) => read(tensor!, conf, candidates),
  };
}

type Read = (tensor: OutputTensor, conf: number, candidates: Candidates) => void;

function createRowReader(model: InferenceSpec, { coordinates }: OutputOf<'yolov8'>): Read {
  const unit = unitOf(model, coordinates);
  return ({ values, dims }, conf, candidates) => {
    const valueCount = dims[2]!;
    const anchors = dims[1]!;
    for (let anchor = 0, at = 0; anchor < anchors; anchor++, at += valueCount) {
      const classId = bestClassOf(model, values, at + BOX_VALUES, conf);
      if (classId < 0) continue;
      addCentred(
        model,
        candidates,
        classId,
        values[at + BOX_VALUES + classId]!,
        values[at]! * unit.x,
        values[at + 1]! * unit.y,
        values[at + 2]! * unit.x,
        values[at + 3]! * unit.y,
        anchor,
      );
    }
  };
}

function createColumnReader(model: InferenceSpec, { coordinates }: OutputOf<'yolov8'>): Read {
  const unit = unitOf(model, coordinates);
  let best = new Float32Array(0);
  let bestClass = new Uint32Array(0);
  return ({ values, dims }, conf, candidates) => {
    const anchors = dims[2]!;
    if (best.length !== anchors) {
      best = new Float32Array(anchors);
      bestClass = new Uint32Array(anchors);
    }
    findBest(model, values, conf, best, bestClass);
    for (let anchor = 0; anchor < anchors; anchor++) {
      const confidence = best[anchor]!;
      if (confidence < conf) continue;
      addCentred(
        model,
        candidates,
        bestClass[anchor]!,
        confidence,
        values[anchor]! * unit.x,
        values[anchors + anchor]! * unit.y,
        values[2 * anchors + anchor]! * unit.x,
        values[3 * anchors + anchor]! * unit.y,
        anchor,
      );
    }
  };
}

/** Scans in memory order; nearly every value is below the threshold. */
function findBest(
  model: InferenceSpec,
  values: Float32Array,
  conf: number,
  best: Float32Array,
  bestClass: Uint32Array,
): void {
  best.fill(-Infinity);
  const anchors = best.length;
  const end = (BOX_VALUES + model.labels.length) * anchors;
  const lastFour = end - 3;
  for (let at = BOX_VALUES * anchors; at < end; at++) {
    // Four values per iteration: this loop is most of the decoder's cost.
    while (
      at < lastFour &&
      values[at]! < conf &&
      values[at + 1]! < conf &&
      values[at + 2]! < conf &&
      values[at + 3]! < conf
    ) {
      at += 4;
    }
    if (at >= end) break;
    const confidence = values[at]!;
    // NaN is not less than anything, so it reaches the check below.
    if (confidence < conf) continue;
    if (!Number.isFinite(confidence)) throw nonFiniteOutput(model);
    const anchor = at % anchors;
    if (confidence <= best[anchor]!) continue;
    best[anchor] = confidence;
    bestClass[anchor] = Math.floor(at / anchors) - BOX_VALUES;
  }
}
