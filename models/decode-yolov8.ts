import type { Bbox, Detection } from '../domain/detection.js';
import { anchorCountOf } from './grid.js';
import { notFinite, type Network } from './network.js';

/** Centre x and y, width and height; the confidences of the classes follow. */
const BOX_VALUES = 4;

/** The shape of a YOLOv8 output: batch, values of an anchor, anchors. */
export function yolov8Dims({ input, labels }: Network): readonly number[] {
  return [1, BOX_VALUES + labels.length, anchorCountOf(input)];
}

/** Reads YOLOv8 outputs: boxes are in network pixels already, there is no objectness. */
export function createYolov8Decoder(network: Network) {
  const anchors = anchorCountOf(network.input);
  const classCount = network.labels.length;
  const best = new Float32Array(anchors);
  const bestClass = new Uint32Array(anchors);

  /** One pass in the order of the memory: nearly every value is below the threshold. */
  function findBest(output: Float32Array, conf: number): void {
    best.fill(-Infinity);
    const first = BOX_VALUES * anchors;
    const end = first + classCount * anchors;
    const lastFour = end - 3;
    for (let at = first; at < end; at++) {
      // Four at a time: this loop is most of the decoder's cost.
      while (
        at < lastFour &&
        output[at]! < conf &&
        output[at + 1]! < conf &&
        output[at + 2]! < conf &&
        output[at + 3]! < conf
      ) {
        at += 4;
      }
      if (at >= end) break;
      const confidence = output[at]!;
      // NaN is not below anything, so it goes on to be found out.
      if (confidence < conf) continue;
      if (!Number.isFinite(confidence)) throw notFinite(network);
      const anchor = at % anchors;
      if (confidence <= best[anchor]!) continue;
      best[anchor] = confidence;
      bestClass[anchor] = Math.floor(at / anchors) - BOX_VALUES;
    }
  }

  return function decode(output: Float32Array, conf: number): Detection[] {
    findBest(output, conf);
    const candidates: Detection[] = [];
    for (let anchor = 0; anchor < anchors; anchor++) {
      const confidence = best[anchor]!;
      if (confidence < conf) continue;
      const bbox = decodeBox(output, anchor, anchors);
      if (!bbox.every(Number.isFinite)) throw notFinite(network);
      candidates.push({ classId: bestClass[anchor]!, confidence, bbox });
    }
    return candidates;
  };
}

function decodeBox(output: Float32Array, anchor: number, anchors: number): Bbox {
  const x = output[anchor]!;
  const y = output[anchors + anchor]!;
  const halfWidth = output[2 * anchors + anchor]! / 2;
  const halfHeight = output[3 * anchors + anchor]! / 2;
  return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight];
}
