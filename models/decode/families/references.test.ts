import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Detection } from '../../../domain/result/detection.js';
import { type ModelOutput, modelOutputSchema } from '../../../domain/model/model-output.js';
import type { Candidates } from '../candidates.js';
import { YOLOV8N } from '../../catalogue.js';
import { createDecoder } from '../decode-output.js';
import type { InferenceSpec } from '../../session/inference-spec.js';
import { nms, topK } from '../nms.js';

interface Reference {
  readonly input: number;
  readonly classes: number;
  readonly conf: number;
  readonly iou: number;
  readonly output: ModelOutput;
  readonly tensors: readonly { dims: readonly number[]; values: readonly number[] }[];
  readonly detections: readonly Detection[];
}

/** Known answers by numpy and OpenCV; see the scripts in the same folder. */
function referenceOf(name: string) {
  const file = new URL(`../../../test/fixtures/models/${name}.json`, import.meta.url);
  const reference = JSON.parse(readFileSync(file, 'utf8')) as Reference; // see make-references.py
  const model: InferenceSpec = {
    name,
    labels: ['a', 'b', 'c'],
    input: { ...YOLOV8N.input, width: reference.input, height: reference.input },
    output: modelOutputSchema.parse(reference.output),
  };
  const tensors = reference.tensors.map(({ dims, values }) => ({
    dims,
    values: Float32Array.from(values),
  }));
  return { ...reference, model, tensors };
}

const ON_GRIDS = ['yolox', 'yolov8', 'yolov8-rows', 'yolov5', 'yolov5-columns'];
const DISTRIBUTIONS = ['nanodet', 'nanodet-plus'];
const LISTS = ['end-to-end', 'detr', 'ssd', 'rt-detr-list'];

describe.each([...ON_GRIDS, ...DISTRIBUTIONS, ...LISTS])('decoder of %s', (name) => {
  const { model, tensors, conf, iou, detections } = referenceOf(name);
  const decoder = createDecoder(model);
  const find = (from: Candidates) => {
    const options = { iou, maxDetections: 1000 };
    return decoder.nmsFree ? topK(from, options) : nms(from, options);
  };

  it('matches the reference', () => {
    const found = find(decoder.decode(tensors, { conf }));
    expect(detections.length).toBeGreaterThan(3);
    expect(found.map(({ classId }) => classId)).toEqual(detections.map(({ classId }) => classId));
    found.forEach(({ confidence, bbox }, i) => {
      expect(confidence).toBeCloseTo(detections[i]!.confidence, 5);
      bbox.forEach((value, side) => expect(value).toBeCloseTo(detections[i]!.bbox[side]!, 3));
    });
  });

  it('returns the same result again after another frame', () => {
    const first = find(decoder.decode(tensors, { conf }));
    const others = tensors.map(({ dims, values }) => ({ dims, values: values.map(() => 0.5) }));
    if (!LISTS.includes(name)) decoder.decode(others, { conf: 0 });
    expect(find(decoder.decode(tensors, { conf }))).toEqual(first);
  });

  it('returns nothing above confidence 1', () => {
    expect(decoder.decode(tensors, { conf: 1.01 }).count).toBe(0);
  });

  it('keeps a candidate whose confidence equals the threshold', () => {
    const [highest] = find(decoder.decode(tensors, { conf }));
    expect(find(decoder.decode(tensors, { conf: highest!.confidence }))).toEqual([highest]);
  });

  it('rejects an output that is all NaN', () => {
    const broken = tensors.map(({ dims, values }) => ({ dims, values: values.map(() => NaN) }));
    expect(() => decoder.decode(broken, { conf: 0.9 })).toThrow(
      /not a finite number|returned class NaN/,
    );
  });

  it('rejects an output of another shape', () => {
    const [first, ...rest] = tensors;
    const other = { dims: [1, 5, 9], values: first!.values.subarray(0, 45) };
    expect(() => decoder.decode([other, ...rest], { conf })).toThrow(`Model ${name}`);
  });
});

describe.each([...ON_GRIDS, ...DISTRIBUTIONS])('decoder of %s, of every anchor', (name) => {
  const { model, tensors } = referenceOf(name);
  const { decode } = createDecoder(model);

  it('returns one candidate per anchor at threshold 0', () => {
    const anchors = name.startsWith('yolov5') ? 252 : name === 'nanodet-plus' ? 85 : 84;
    expect(decode(tensors, { conf: 0 }).count).toBe(anchors);
  });

  it.each([NaN, Infinity, -Infinity])('rejects boxes of %s', (value) => {
    const { dims, values } = tensors.at(-1)!;
    const broken = Float32Array.from(values);
    // The x of all boxes if they are contiguous, else the first anchor's box.
    const inColumns = dims[1]! < dims[2]! && !name.startsWith('nanodet');
    const first = name === 'nanodet-plus' ? model.labels.length : 0;
    const boxValues = name.startsWith('nanodet') ? 32 : 4;
    broken.fill(value, first, first + (inColumns ? dims[2]! : boxValues));
    const given = [...tensors.slice(0, -1), { dims, values: broken }];
    expect(() => decode(given, { conf: 0 })).toThrow('not a finite number');
  });
});

describe('decoder of a list after NMS', () => {
  const { model, tensors, conf } = referenceOf('rt-detr-list');

  it('rejects a class without a label', () => {
    const [boxes, confidences, classes] = tensors;
    const wrong = { dims: classes!.dims, values: classes!.values.map(() => 3) };
    const { decode } = createDecoder(model);
    expect(() => decode([boxes!, confidences!, wrong], { conf })).toThrow(
      'Model rt-detr-list returned class 3, but its manifest has labels for classes 0 to 2',
    );
  });

  it('rejects tensors of different lengths', () => {
    const [boxes, confidences, classes] = tensors;
    const short = { dims: [1, 11], values: classes!.values.subarray(0, 11) };
    const { decode } = createDecoder(model);
    expect(() => decode([boxes!, confidences!, short], { conf })).toThrow(
      '48 box values, 12 confidences and 11 classes',
    );
  });
});

describe('decoder of DETR', () => {
  it('keeps at most one candidate per query and filters classes among them', () => {
    const { model, tensors } = referenceOf('detr');
    const candidates = createDecoder(model).decode(tensors, { conf: 0 });
    expect(candidates.count).toBe(36);
    const best = topK(candidates, { maxDetections: 300 });
    expect(best).toHaveLength(12);
    const chosen = topK(candidates, { maxDetections: 300, classIds: new Set([1]) });
    expect(chosen).toEqual(best.filter(({ classId }) => classId === 1));
    expect(topK(candidates, { maxDetections: 2 })).toEqual(best.slice(0, 2));
  });
});

describe('decoder of a list of centres and sizes after NMS', () => {
  it('returns the same as for a list of corners', () => {
    const { model, tensors, conf, input } = referenceOf('end-to-end');
    const { dims, values } = tensors[0]!;
    const centred = values.map((value, i) => {
      const [side, other] = [i % 6, values[i + (i % 6 < 2 ? 2 : -2)]!];
      if (side > 3) return value;
      return (side < 2 ? (value + other) / 2 : value - other) / input;
    });
    const output = { family: 'end-to-end', box: 'cxcywh', coordinates: 'normalised' } as const;
    const inCorners = createDecoder(model).decode(tensors, { conf });
    const inCentres = createDecoder({ ...model, output }).decode([{ dims, values: centred }], {
      conf,
    });
    expect(inCentres.count).toBe(inCorners.count);
    expect(inCentres.count).toBeGreaterThan(3);
    for (let i = 0; i < 4 * inCentres.count; i++) {
      expect(inCentres.boxes[i]).toBeCloseTo(inCorners.boxes[i]!, 4);
    }
  });
});
