import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bbox, Detection, Size } from '../../../domain/result/detection.js';
import { hasCode } from '../../../domain/errors.js';
import type { ModelInput } from '../../../domain/model/model-manifest.js';
import { type ModelOutput, modelOutputSchema } from '../../../domain/model/model-output.js';
import { YOLOV8N } from '../../catalogue.js';
import { createDecoder } from '../decode-output.js';
import { letterboxOf, toFrameBox } from '../../preprocess/letterbox.js';
import type { InferenceSpec } from '../../session/inference-spec.js';
import { topKIndices, detectionOf, nmsIndices } from '../nms.js';
import { createMaskDecoder, type Mask } from './mask-decoder.js';

interface Reference {
  readonly input: number;
  readonly resize: ModelInput['resize'];
  readonly frame: Size;
  readonly conf: number;
  readonly iou: number;
  readonly output: ModelOutput;
  readonly tensors: readonly { dims: readonly number[]; values: readonly number[] }[];
  readonly detections: readonly (Detection & { readonly runs: readonly number[] })[];
}

/** Known answers by numpy and OpenCV; see the scripts in the same folder. */
const references = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/models/segments.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Reference>>; // see make-segments.py

/** Run lengths of 0 and 255 alternately over the whole frame, starting with 0. */
function runsOf({ x, y, width, height, data }: Mask, frame: Size): number[] {
  const whole = new Uint8Array(frame.width * frame.height);
  for (let row = 0; row < height; row++) {
    whole.set(data.subarray(row * width, (row + 1) * width), (y + row) * frame.width + x);
  }
  const runs = [0];
  let current = 0;
  for (const value of whole) {
    if (value === current) runs[runs.length - 1]!++;
    else runs.push(1);
    current = value;
  }
  return runs;
}

describe.each(Object.keys(references))('decoder of %s', (name) => {
  const { input: side, resize, frame, conf, iou, detections, ...reference } = references[name]!;
  const model: InferenceSpec = {
    name,
    labels: ['a', 'b', 'c'],
    input: { ...YOLOV8N.input, width: side, height: side, resize },
    output: modelOutputSchema.parse(reference.output),
  };
  const [rows, prototypes] = reference.tensors.map(({ dims, values }) => ({
    dims,
    values: Float32Array.from(values),
  }));

  it('matches the boxes and masks of the reference', () => {
    const letterbox = letterboxOf(frame, model.input);
    const { decode, nmsFree } = createDecoder(model);
    const candidates = decode([rows!], { conf });
    const kept = (nmsFree ? topKIndices : nmsIndices)(candidates, { iou, maxDetections: 1000 });
    const masks = createMaskDecoder(model);
    expect(detections.length).toBeGreaterThan(3);
    expect(kept).toHaveLength(detections.length);
    kept.forEach((index, i) => {
      const { classId, confidence, bbox: inModelInput } = detectionOf(candidates, index);
      const bbox = toFrameBox(inModelInput, letterbox);
      const expected = detections[i]!;
      expect(classId).toBe(expected.classId);
      expect(confidence).toBeCloseTo(expected.confidence, 5);
      bbox.forEach((value, at) => expect(value).toBeCloseTo(expected.bbox[at]!, 3));
      const place = { bbox, letterbox, frame };
      const mask = masks.decode(rows!, prototypes!, candidates.anchors[index]!, place);
      expect(runsOf(mask, frame)).toEqual(expected.runs);
    });
  });
});

/** A model with four prototypes and a single anchor. */
const INPUT = { ...YOLOV8N.input, width: 32, height: 32 };
const MODEL: InferenceSpec = {
  name: 'parts',
  labels: ['thing'],
  input: INPUT,
  output: {
    ...{ family: 'yolov8', orientation: 'rows', coordinates: 'pixels' },
    masks: { tensor: 'prototypes', coefficients: 2 },
  },
};
const FRAME = { width: 64, height: 64 };

function maskOf(
  weights: readonly number[],
  planes: Float32Array,
  bbox: Bbox,
  change: { readonly resize?: ModelInput['resize']; readonly frame?: Size } = {},
) {
  const { frame = FRAME, resize = INPUT.resize } = change;
  const model = { ...MODEL, input: { ...INPUT, resize } };
  const rows = { dims: [1, 1, 7], values: Float32Array.of(16, 16, 32, 32, 1, ...weights) };
  const prototypes = { dims: [1, 2, 8, 8], values: planes };
  const letterbox = letterboxOf(frame, model.input);
  return createMaskDecoder(model).decode(rows, prototypes, 0, { bbox, letterbox, frame });
}

/** The first plane is 1 in its left half and -1 in its right half; the second is all 1. */
const HALVES = Float32Array.from({ length: 128 }, (_, i) => (i < 64 && i % 8 >= 4 ? -1 : 1));

describe('createMaskDecoder', () => {
  it('places the edge between prototype pixels of opposite signs', () => {
    const mask = maskOf([1, 0], HALVES, [24, 8, 40, 10]);
    expect(mask).toMatchObject({ x: 24, y: 8, width: 16, height: 2 });
    const row = [...Array<number>(8).fill(255), ...Array<number>(8).fill(0)];
    expect([...mask.data]).toEqual([...row, ...row]);
  });

  it('weights the prototypes by the coefficients', () => {
    // 3 x + 2 is 0 at a sixth of the way from the middle to the right prototype pixel.
    const { data } = maskOf([3, 2], HALVES, [24, 8, 40, 9]);
    expect([...data].filter((value) => value === 255)).toHaveLength(11);
    expect(maskOf([1, 1.01], HALVES, [0, 0, 64, 64]).data.every((value) => value === 255)).toBe(
      true,
    );
    expect(maskOf([0, -1], HALVES, [0, 0, 64, 64]).data.every((value) => value === 0)).toBe(true);
  });

  it.each<[string, Bbox, object]>([
    ['clipped to the frame', [-5, 60.2, 3, 99], { x: 0, y: 61, width: 3, height: 3 }],
    ['of the pixels from its minimum', [1.5, 2, 4.5, 2.1], { x: 2, y: 2, width: 3, height: 1 }],
    ['outside the frame', [70, 3, 80, 9], { width: 0, height: 0 }],
    ['turned inside out', [9, 9, 4, 4], { width: 0, height: 0 }],
  ])('returns the box as window %s', (_, bbox, expected) => {
    const mask = maskOf([0, 1], HALVES, bbox);
    expect(mask).toMatchObject(expected);
    expect(mask.data).toHaveLength(mask.width * mask.height);
  });

  it('stays inside its box, clipped to the frame, for every resize mode', () => {
    const side = fc.integer({ min: 1, max: 300 });
    const corner = fc.tuple(fc.double({ min: -50, max: 350, noNaN: true }), fc.nat(350));
    const resize = fc.constantFrom<ModelInput['resize']>(
      { mode: 'stretch' },
      { mode: 'center-crop' },
      { mode: 'center-crop', shorter_side: 40 },
      { mode: 'letterbox', anchor: 'center', fill: 114, rounding: 'round' },
      { mode: 'letterbox', anchor: 'top-left', fill: 114, rounding: 'truncate' },
    );
    const weights = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }));
    fc.assert(
      fc.property(side, side, corner, corner, resize, weights, (w, h, a, b, how, weighed) => {
        const bbox: Bbox = [a[0], b[0], a[0] + a[1], b[0] + b[1]];
        const frame = { width: w, height: h };
        const mask = maskOf(weighed, HALVES, bbox, { resize: how, frame });
        expect(mask.data).toHaveLength(mask.width * mask.height);
        if (mask.data.length === 0) return;
        expect(mask.x).toBeGreaterThanOrEqual(Math.max(0, bbox[0]));
        expect(mask.y).toBeGreaterThanOrEqual(Math.max(0, bbox[1]));
        expect(mask.x + mask.width - 1).toBeLessThan(Math.min(w, bbox[2]));
        expect(mask.y + mask.height - 1).toBeLessThan(Math.min(h, bbox[3]));
        expect(mask.data.every((value) => value === 0 || value === 255)).toBe(true);
      }),
    );
  });

  it('has no pixels outside a centre crop', () => {
    const change = { resize: { mode: 'center-crop' }, frame: { width: 128, height: 64 } } as const;
    const mask = maskOf([0, 1], HALVES, [0, 0, 128, 64], change);
    expect(mask).toMatchObject({ x: 32, y: 0, width: 64, height: 64 });
  });

  it.each([NaN, Infinity])('rejects prototypes of %s', (value) => {
    const broken = Float32Array.from(HALVES).fill(value, 100, 101);
    expect(() => maskOf([1, 1], broken, [0, 0, 64, 64])).toThrow('not a finite number');
  });

  it('rejects prototypes of another number', () => {
    const rows = { dims: [1, 1, 7], values: new Float32Array(7) };
    const prototypes = { dims: [1, 3, 8, 8], values: new Float32Array(192) };
    const place = {
      bbox: [0, 0, 9, 9],
      letterbox: letterboxOf(FRAME, INPUT),
      frame: FRAME,
    } as const;
    expect(() => createMaskDecoder(MODEL).decode(rows, prototypes, 0, place)).toThrow(
      'expected an output of prototypes [1, 2, any, any], received [1, 3, 8, 8]',
    );
  });

  it('rejects a model without masks', () => {
    const create = () => createMaskDecoder({ ...MODEL, output: YOLOV8N.output });
    expect(create).toThrow('Model parts has no masks');
    try {
      create();
    } catch (error) {
      expect(hasCode(error, 'INVALID_INPUT')).toBe(true);
    }
  });
});
