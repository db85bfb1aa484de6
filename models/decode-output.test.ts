import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../domain/detection.js';
import { YOLOV8N, YOLOX_NANO } from './catalogue.js';
import { createDecoder, outputDimsOf } from './decode-output.js';
import type { Network } from './network.js';
import { suppress } from './nms.js';

interface Reference {
  readonly input: number;
  readonly classes: number;
  readonly conf: number;
  readonly iou: number;
  readonly output: readonly number[];
  readonly detections: readonly Detection[];
}

/** Known answers by numpy and OpenCV; how they were made stands beside them. */
function referenceOf(family: Network['family']) {
  const file = new URL(`../test/fixtures/models/${family}.json`, import.meta.url);
  const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference; // see make-references.py
  const known = family === 'yolox' ? YOLOX_NANO : YOLOV8N;
  const network: Network = {
    name: family,
    family,
    labels: ['a', 'b', 'c'],
    input: { ...known.input, width: reference.input, height: reference.input },
  };
  return { ...reference, network, output: Float32Array.from(reference.output) };
}

describe.each(['yolox', 'yolov8'] as const)('decoder of %s', (family) => {
  const { network, output, conf, iou, detections } = referenceOf(family);
  const dims = outputDimsOf(network);
  const decode = createDecoder(network);

  it('finds, with suppression, what the reference finds', () => {
    const found = suppress(decode(output, dims, { conf }), { iou, maxDetections: 1000 });
    expect(found.map(({ classId }) => classId)).toEqual(detections.map(({ classId }) => classId));
    found.forEach(({ confidence, bbox }, i) => {
      expect(confidence).toBeCloseTo(detections[i]!.confidence, 5);
      bbox.forEach((value, side) => expect(value).toBeCloseTo(detections[i]!.bbox[side]!, 3));
    });
  });

  it('gives the same answer again after another frame', () => {
    const first = decode(output, dims, { conf });
    decode(Float32Array.from(output).reverse().fill(0.5, 100), dims, { conf: 0 });
    expect(decode(output, dims, { conf })).toEqual(first);
  });

  it('gives one candidate per anchor at threshold 0 and none above 1', () => {
    const anchors = family === 'yolox' ? dims[1] : dims[2];
    expect(decode(output, dims, { conf: 0 })).toHaveLength(anchors!);
    expect(decode(output, dims, { conf: 1.01 })).toEqual([]);
  });

  it('keeps a candidate whose confidence is the threshold', () => {
    const [highest] = decode(output, dims, { conf }).toSorted(
      (a, b) => b.confidence - a.confidence,
    );
    expect(decode(output, dims, { conf: highest!.confidence })).toEqual([highest]);
  });

  it.each([NaN, Infinity, -Infinity])('refuses a confident output that holds %s', (value) => {
    const boxed = Float32Array.from(output).fill(value, 0, family === 'yolox' ? 4 : 84);
    expect(() => decode(boxed, dims, { conf: 0 })).toThrow(
      `Model ${family} gave a value that is not a finite number`,
    );
  });

  it('refuses an output of nothing but NaN', () => {
    const broken = new Float32Array(output.length).fill(NaN);
    expect(() => decode(broken, dims, { conf: 0.9 })).toThrow('not a finite number');
  });

  it('refuses an output of another shape', () => {
    expect(() => decode(output, [1, 84, 9], { conf })).toThrow('expected an output of [1, ');
  });
});

describe('outputDimsOf', () => {
  it('knows the outputs of the two known files', () => {
    expect(outputDimsOf(YOLOX_NANO)).toEqual([1, 3549, 85]);
    expect(outputDimsOf(YOLOV8N)).toEqual([1, 84, 8400]);
  });
});
