import { performance } from 'node:perf_hooks';
import { KNOWN_MODELS, type KnownModel } from '../models/catalogue.js';
import { createDecoder, type Decoder } from '../models/decode/decode-output.js';
import { anchorCountOf } from '../models/decode/grid.js';
import { nms } from '../models/decode/nms.js';

/**
 * Measures what follows an inference, on one core: decoding the output and suppressing overlapping
 * boxes. The outputs resemble a street scene in their number of boxes above the threshold.
 */

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 300 };
const OBJECTS = 40;
/** Number of neighbouring anchors that detect one object. */
const ANCHORS_PER_OBJECT = 6;
const WARM_UP = 300;
const RUNS = 1000;
/** Maximum median time per frame in ms, by family. */
const BUDGET_MS: Readonly<Record<string, number>> = { yolox: 0.3, yolov8: 1 };

/** Returns an output of low confidences, with a few objects at neighbouring anchors. */
function createOutput({ input, labels, output }: KnownModel) {
  const isYolox = output.family === 'yolox';
  const anchors = anchorCountOf(input, [8, 16, 32]);
  const valueCount = labels.length + (isYolox ? 5 : 4);
  const values = new Float32Array(anchors * valueCount);
  const at = (anchor: number, value: number) =>
    isYolox ? anchor * valueCount + value : value * anchors + anchor;
  for (let i = 0; i < values.length; i++) values[i] = 0.01 * ((i * 7919) % 13);
  for (let object = 0; object < OBJECTS; object++) {
    for (let near = 0; near < ANCHORS_PER_OBJECT; near++) {
      const anchor = Math.floor((object * anchors) / OBJECTS) + near;
      const box = isYolox ? [0.1, 0.2, 1, 1] : [(object * 97) % 600, (object * 53) % 600, 60, 80];
      box.forEach((value, i) => (values[at(anchor, i)] = value + near * 0.01));
      if (isYolox) values[at(anchor, 4)] = 0.9;
      values[at(anchor, valueCount - 1 - (object % 5))] = 0.9 - near * 0.05;
    }
  }
  const dims = isYolox ? [1, anchors, valueCount] : [1, valueCount, anchors];
  return { dims, values };
}

/** Returns the times of single frames in ms, sorted. */
function measureTimes(decoder: Decoder, tensor: ReturnType<typeof createOutput>): number[] {
  const run = () => nms(decoder.decode([tensor], OPTIONS), OPTIONS);
  for (let i = 0; i < WARM_UP; i++) run();
  const times = Array.from({ length: RUNS }, () => {
    const startedAt = performance.now();
    run();
    return performance.now() - startedAt;
  });
  return times.sort((a, b) => a - b);
}

function measure(model: KnownModel): boolean {
  const decoder = createDecoder(model);
  const tensor = createOutput(model);
  const found = nms(decoder.decode([tensor], OPTIONS), OPTIONS).length;
  const times = measureTimes(decoder, tensor);
  const [p5, median, p95] = [0.05, 0.5, 0.95].map((share) => times[Math.floor(RUNS * share)]!);
  const budget = BUDGET_MS[model.output.family]!;
  console.log(
    `${model.name} [${tensor.dims.join(', ')}]: ${median!.toFixed(3)} ms per frame (5 %: ${p5!.toFixed(3)}, 95 %: ${p95!.toFixed(3)}), ${found} boxes, budget ${budget} ms`,
  );
  return median! <= budget;
}

/** Prints the times. The exit code is 1 if a median exceeds its budget. */
export function benchDecoding(): void {
  const isWithinBudget = KNOWN_MODELS.map(measure);
  process.exitCode = isWithinBudget.every(Boolean) ? 0 : 1;
}
