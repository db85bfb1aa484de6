import type { OutputOf } from '../../../domain/model/model-output.js';
import type { Candidates } from '../candidates.js';
import { notFinite, type Network } from '../../session/network.js';
import {
  addCentred,
  bestClassOf,
  type OutputReader,
  type OutputTensor,
  unitOf,
} from './output-reader.js';

/** Centre x and y, width and height; the confidences of the classes follow, no objectness. */
const BOX_VALUES = 4;

/** Reads YOLOv8 outputs: the boxes are decoded already. */
export function createYolov8Reader(network: Network, output: OutputOf<'yolov8'>): OutputReader {
  const valueCount = BOX_VALUES + network.labels.length + (output.masks?.coefficients ?? 0);
  const inRows = output.orientation === 'rows';
  const read = inRows ? createRowReader(network, output) : createColumnReader(network, output);
  return {
    tensors: [
      {
        name: output.tensor,
        dims: inRows ? [1, undefined, valueCount] : [1, valueCount, undefined],
      },
    ],
    finished: output.finished ?? false,
    read: ([tensor], conf, candidates) => read(tensor!, conf, candidates),
  };
}

type Read = (tensor: OutputTensor, conf: number, candidates: Candidates) => void;

function createRowReader(network: Network, { coordinates }: OutputOf<'yolov8'>): Read {
  const unit = unitOf(network, coordinates);
  return ({ values, dims }, conf, candidates) => {
    const valueCount = dims[2]!;
    const anchors = dims[1]!;
    for (let anchor = 0, at = 0; anchor < anchors; anchor++, at += valueCount) {
      const classId = bestClassOf(network, values, at + BOX_VALUES, conf);
      if (classId < 0) continue;
      addCentred(
        network,
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

function createColumnReader(network: Network, { coordinates }: OutputOf<'yolov8'>): Read {
  const unit = unitOf(network, coordinates);
  let best = new Float32Array(0);
  let bestClass = new Uint32Array(0);
  return ({ values, dims }, conf, candidates) => {
    const anchors = dims[2]!;
    if (best.length !== anchors) {
      best = new Float32Array(anchors);
      bestClass = new Uint32Array(anchors);
    }
    findBest(network, values, conf, best, bestClass);
    for (let anchor = 0; anchor < anchors; anchor++) {
      const confidence = best[anchor]!;
      if (confidence < conf) continue;
      addCentred(
        network,
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

/** One pass in the order of the memory: nearly every value is below the threshold. */
function findBest(
  network: Network,
  values: Float32Array,
  conf: number,
  best: Float32Array,
  bestClass: Uint32Array,
): void {
  best.fill(-Infinity);
  const anchors = best.length;
  const end = (BOX_VALUES + network.labels.length) * anchors;
  const lastFour = end - 3;
  for (let at = BOX_VALUES * anchors; at < end; at++) {
    // Four at a time: this loop is most of the decoder's cost.
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
    // NaN is not below anything, so it goes on to be found out.
    if (confidence < conf) continue;
    if (!Number.isFinite(confidence)) throw notFinite(network);
    const anchor = at % anchors;
    if (confidence <= best[anchor]!) continue;
    best[anchor] = confidence;
    bestClass[anchor] = Math.floor(at / anchors) - BOX_VALUES;
  }
}
