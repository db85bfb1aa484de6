import type { OutputOf } from '../../../domain/model/model-output.js';
import { nonFiniteOutput, type InferenceSpec } from '../../session/inference-spec.js';
import { addCentred, type OutputReader, type OutputTensor, unitOf } from './output-reader.js';

/** Margin below the threshold's logit; covers the rounding error of the conversion. */
const MARGIN = 1e-3;

/** Called for each candidate, in the order of the logits. */
type Add = (query: number, classId: number, confidence: number) => void;

/**
 * Reads logits and boxes of queries (DETR, RT-DETR). Keeps at most as many candidates as there are
 * queries, as the models' own post-processing does (`RTDETRPostProcessor`).
 */
export function createDetrReader(model: InferenceSpec, output: OutputOf<'detr'>): OutputReader {
  const isSoftmax = output.activation === 'softmax';
  const logitCount = model.labels.length + (isSoftmax ? 1 : 0);
  const readLogits = isSoftmax ? readSoftmax : readSigmoid;
  const { x: width, y: height } = unitOf(model, 'normalised');
  return {
    tensors: [
      { name: output.logits, dims: [1, undefined, logitCount] },
      { name: output.boxes, dims: [1, undefined, 4] },
    ],
    nmsFree: true,
    read([logits, boxes], conf, candidates) {
      const box = boxes!.values;
      candidates.atMost = logits!.dims[1]!;
      readLogits(model, logits!, conf, (query, classId, confidence) => {
        const at = 4 * query;
        addCentred(
          model,
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

/** Every class of a query is a separate candidate. */
function readSigmoid(model: InferenceSpec, { values }: OutputTensor, conf: number, add: Add): void {
  const classCount = model.labels.length;
  const lowest = logitOf(conf) - MARGIN;
  for (let at = 0; at < values.length; at++) {
    const logit = values[at]!;
    // NaN is not less than anything, so it reaches the check below.
    if (logit < lowest) continue;
    if (!Number.isFinite(logit)) throw nonFiniteOutput(model);
    const confidence = 1 / (1 + Math.exp(-logit));
    if (confidence < conf) continue;
    const query = Math.floor(at / classCount);
    add(query, at - query * classCount, confidence);
  }
}

/** Only the best class of a query is a candidate; the last logit means "no object". */
function readSoftmax(model: InferenceSpec, { values }: OutputTensor, conf: number, add: Add): void {
  const step = model.labels.length + 1;
  for (let first = 0; first < values.length; first += step) {
    const nothing = first + step - 1;
    let best = first;
    for (let at = first; at < nothing; at++) if (values[at]! > values[best]!) best = at;
    // The maximum is subtracted to avoid overflow.
    const highest = Math.max(values[best]!, values[nothing]!);
    let sum = 0;
    for (let at = first; at <= nothing; at++) sum += Math.exp(values[at]! - highest);
    if (Number.isNaN(sum)) throw nonFiniteOutput(model);
    const confidence = Math.exp(values[best]! - highest) / sum;
    if (confidence >= conf) add(first / step, best - first, confidence);
  }
}

function logitOf(confidence: number): number {
  if (confidence <= 0) return -Infinity;
  return confidence < 1 ? Math.log(confidence / (1 - confidence)) : Infinity;
}
