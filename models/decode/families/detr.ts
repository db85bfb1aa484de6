import type { OutputOf } from '../../../domain/model/model-output.js';
import { notFinite, type Network } from '../../session/network.js';
import { addCentred, type OutputReader, type OutputTensor, unitOf } from './output-reader.js';

/** Logits this far below the threshold's are not looked at: its own rounding is far smaller. */
const MARGIN = 1e-3;

/** Takes a class of a query, in the order of the logits. */
type Add = (query: number, classId: number, confidence: number) => void;

/**
 * Reads logits and boxes of queries. At most as many candidates as there are queries are kept: what
 * the networks' own post-processing does.
 */
export function createDetrReader(network: Network, output: OutputOf<'detr'>): OutputReader {
  const isSoftmax = output.activation === 'softmax';
  const logitCount = network.labels.length + (isSoftmax ? 1 : 0);
  const readLogits = isSoftmax ? readSoftmax : readSigmoid;
  const { x: width, y: height } = unitOf(network, 'normalised');
  return {
    tensors: [
      { name: output.logits, dims: [1, undefined, logitCount] },
      { name: output.boxes, dims: [1, undefined, 4] },
    ],
    finished: true,
    read([logits, boxes], conf, candidates) {
      const box = boxes!.values;
      candidates.atMost = logits!.dims[1]!;
      readLogits(network, logits!, conf, (query, classId, confidence) => {
        const at = 4 * query;
        addCentred(
          network,
          candidates,
          classId,
          confidence,
          box[at]! * width,
          box[at + 1]! * height,
          box[at + 2]! * width,
          box[at + 3]! * height,
        );
      });
    },
  };
}

/** Each class of a query is a candidate of its own. */
function readSigmoid(network: Network, { values }: OutputTensor, conf: number, add: Add): void {
  const classCount = network.labels.length;
  const lowest = logitOf(conf) - MARGIN;
  for (let at = 0; at < values.length; at++) {
    const logit = values[at]!;
    // NaN is not below anything, so it goes on to be found out.
    if (logit < lowest) continue;
    if (!Number.isFinite(logit)) throw notFinite(network);
    const confidence = 1 / (1 + Math.exp(-logit));
    if (confidence < conf) continue;
    const query = Math.floor(at / classCount);
    add(query, at - query * classCount, confidence);
  }
}

/** The best class of a query is its candidate. */
function readSoftmax(network: Network, { values }: OutputTensor, conf: number, add: Add): void {
  const step = network.labels.length + 1;
  for (let first = 0; first < values.length; first += step) {
    const nothing = first + step - 1;
    let best = first;
    for (let at = first; at < nothing; at++) if (values[at]! > values[best]!) best = at;
    // Relative to the highest, so that nothing overflows.
    const highest = Math.max(values[best]!, values[nothing]!);
    let sum = 0;
    for (let at = first; at <= nothing; at++) sum += Math.exp(values[at]! - highest);
    if (Number.isNaN(sum)) throw notFinite(network);
    const confidence = Math.exp(values[best]! - highest) / sum;
    if (confidence >= conf) add(first / step, best - first, confidence);
  }
}

function logitOf(confidence: number): number {
  if (confidence <= 0) return -Infinity;
  return confidence < 1 ? Math.log(confidence / (1 - confidence)) : Infinity;
}
