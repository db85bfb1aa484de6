import type { OutputOf } from '../../domain/model-output.js';
import { notFinite, type Network } from '../network.js';
import { addCentred, type OutputReader, unitOf } from './output-reader.js';

/** Logits this far below the threshold's are not looked at: its own rounding is far smaller. */
const MARGIN = 1e-3;

/**
 * Reads logits and boxes of queries. Each class of a query is a candidate of its own, and as many
 * as there are queries are kept: what the networks' own post-processing does.
 */
export function createDetrReader(network: Network, output: OutputOf<'detr'>): OutputReader {
  const classCount = network.labels.length;
  const { x: width, y: height } = unitOf(network, 'normalised');
  return {
    tensors: [
      { name: output.logits, dims: [1, undefined, classCount] },
      { name: output.boxes, dims: [1, undefined, 4] },
    ],
    finished: true,
    read([logits, boxes], conf, candidates) {
      const { values, dims } = logits!;
      const box = boxes!.values;
      candidates.atMost = dims[1]!;
      const lowest = logitOf(conf) - MARGIN;
      for (let at = 0; at < values.length; at++) {
        const logit = values[at]!;
        // NaN is not below anything, so it goes on to be found out.
        if (logit < lowest) continue;
        if (!Number.isFinite(logit)) throw notFinite(network);
        const confidence = 1 / (1 + Math.exp(-logit));
        if (confidence < conf) continue;
        const query = Math.floor(at / classCount);
        addCentred(
          network,
          candidates,
          at - query * classCount,
          confidence,
          box[4 * query]! * width,
          box[4 * query + 1]! * height,
          box[4 * query + 2]! * width,
          box[4 * query + 3]! * height,
        );
      }
    },
  };
}

function logitOf(confidence: number): number {
  if (confidence <= 0) return -Infinity;
  return confidence < 1 ? Math.log(confidence / (1 - confidence)) : Infinity;
}
