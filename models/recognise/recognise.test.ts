import { describe, expect, it } from 'vitest';
import { hasCode } from '../../domain/errors.js';
import { YOLOX_NANO } from '../catalogue.js';
import {
  type Dims,
  factsOf,
  IMAGES,
  labels,
  node,
  output,
  tensor,
} from '../../test/support/onnx-facts.js';
import { type Answers, recognise } from './index.js';

const COLUMNS = { tensor: 'output0', orientation: 'columns', coordinates: 'pixels' };
const ROWS = { ...COLUMNS, orientation: 'rows' };
const NANODET = { family: 'nanodet', tensors: { joined: 'output0' }, bins: 8 };

describe('recognise, of one output', () => {
  it.each<[string, Dims, number, object]>([
    ['YOLOv8', [1, 84, 8400], 80, { family: 'yolov8', ...COLUMNS }],
    ['YOLOv8 in rows', [1, 8400, 84], 80, { family: 'yolov8', ...ROWS }],
    ['YOLOv8 of two classes', [1, 6, 8400], 2, { family: 'yolov8', ...COLUMNS }],
    ['YOLOv8 of two classes in rows', [1, 8400, 6], 2, { family: 'yolov8', ...ROWS }],
    ['YOLOv8 with open anchors', ['batch', 7, 'anchors'], 3, { family: 'yolov8', ...COLUMNS }],
    ['YOLOv5', [1, 25200, 85], 80, { family: 'yolov5', ...ROWS }],
    ['YOLOv5 in columns', [1, 85, 25200], 80, { family: 'yolov5', ...COLUMNS }],
    [
      'YOLOv10',
      [1, 300, 6],
      80,
      { family: 'end-to-end', tensor: 'output0', coordinates: 'pixels' },
    ],
    ['NanoDet-Plus', [1, 8500, 112], 80, { ...NANODET, strides: [8, 16, 32, 64], cell_offset: 0 }],
    ['NanoDet', [1, 8400, 112], 80, { ...NANODET, strides: [8, 16, 32], cell_offset: 0.5 }],
    ['YOLOX', [1, 8400, 85], 80, { family: 'yolox', tensor: 'output0', strides: [8, 16, 32] }],
  ])('recognises %s', (_, dims, count, expected) => {
    const { draft, questions, concluded } = recognise(output(...dims), { labels: labels(count) });
    expect(questions).toEqual([]);
    expect(draft?.output).toEqual(expected);
    expect(concluded.map(({ what }) => what)).toContain('family');
    for (const { because } of concluded) expect(because).not.toBe('');
  });

  it('treats arithmetic after the last layers as decoding and asks for the preprocessing', () => {
    const nodes = [
      node('Conv', 'images', 'raw'),
      node('Exp', 'raw', 'sides'),
      node('Concat', 'raw,sides', 'output0'),
    ];
    const facts = { ...output(1, 8400, 85), nodes };
    const asked = recognise(facts, { labels: labels(80) });
    expect(asked.questions.map(({ answer }) => answer)).toEqual(['channels', 'scale', 'resize']);
    const answers: Answers = { channels: 'bgr', scale: 1, resize: YOLOX_NANO.input.resize };
    const { draft } = recognise(facts, { labels: labels(80), ...answers });
    expect(draft?.output).toEqual({ family: 'yolov5', ...ROWS });
    expect(draft?.input).toMatchObject(answers);
  });

  it('ignores arithmetic on shapes', () => {
    const nodes = [
      node('Conv', 'images', 'raw'),
      node('Mul', 'size,two', 'shape'),
      node('Reshape', 'raw,shape', 'output0'),
    ];
    const { draft } = recognise({ ...output(1, 8400, 85), nodes }, { labels: labels(80) });
    expect(draft?.output.family).toBe('yolox');
  });

  it('asks if two readings fit and uses the answer', () => {
    const facts = output(1, 'rows', 6);
    const { questions, draft } = recognise(facts, { labels: labels(2) });
    expect(draft).toBeUndefined();
    expect(questions).toEqual([
      expect.objectContaining({ answer: 'family', choices: ['yolov8', 'end-to-end'] }),
    ]);
    const answered = recognise(facts, { labels: labels(2), family: 'end-to-end' });
    expect(answered.draft?.output.family).toBe('end-to-end');
  });

  it('prefers an answer over the convention and reports it', () => {
    const answers: Answers = { labels: labels(80), channels: 'bgr', resize: { mode: 'stretch' } };
    const { draft, concluded } = recognise(output(1, 84, 8400), answers);
    expect(draft?.input).toMatchObject({ channels: 'bgr', resize: { mode: 'stretch' } });
    expect(concluded.at(-1)?.because).toMatch(
      /, except for the channels, resize that you specified$/,
    );
  });

  it('asks for labels first and concludes no family without them', () => {
    const { questions, draft } = recognise(output(1, 84, 8400));
    expect(questions.map(({ answer }) => answer)).toEqual(['labels']);
    expect(draft).toBeUndefined();
  });

  it.each<[Dims, number, string]>([
    [
      [1, 84, 8400],
      3,
      '80 classes of YOLOv8 and later, or 79 classes of YOLOX or YOLOv5, but there are 3',
    ],
    [
      [1, 25200, 8],
      4,
      '4 classes of YOLOv8 and later, or 3 classes of YOLOX or YOLOv5, but there are 4',
    ],
    [[1, 3, 1000, 2], 1000, 'Export a model of a supported family'],
  ])('rejects an output of %j with %i labels', (dims, count, message) => {
    const rejected = capture(() => recognise(output(...dims), { labels: labels(count) }));
    expect(hasCode(rejected, 'MODEL_INVALID')).toBe(true);
    expect(rejected).toHaveProperty('message', expect.stringContaining(message));
  });
});

describe('recognise, of several outputs', () => {
  const detr = [tensor('logits', [1, 300, 80]), tensor('pred_boxes', [1, 300, 4])];
  const list = [
    tensor('labels', ['N', 300], 'int64'),
    tensor('boxes', ['N', 300, 4]),
    tensor('scores', ['N', 300]),
  ];

  it('recognises DETR by logits and boxes', () => {
    const { draft } = recognise(factsOf({ outputs: detr }), { labels: labels(80) });
    expect(draft?.output).toEqual({ family: 'detr', logits: 'logits', boxes: 'pred_boxes' });
    expect(draft?.input.resize).toEqual({ mode: 'stretch' });
  });

  it('does not mistake confidences for logits', () => {
    const nodes = [node('Sigmoid', 'x', 'logits')];
    const facts = factsOf({ outputs: detr, nodes });
    expect(() => recognise(facts, { labels: labels(80) })).toThrow('cannot be decoded');
  });

  it('recognises the list of RT-DETR by its size input', () => {
    const inputs = [IMAGES, tensor('orig_target_sizes', ['N', 2], 'int64')];
    const { draft } = recognise(factsOf({ inputs, outputs: list }), { labels: labels(80) });
    expect(draft?.output).toMatchObject({ family: 'detections', coordinates: 'pixels' });
    expect(draft?.input.size_tensor).toEqual({ tensor: 'orig_target_sizes', dtype: 'int64' });
  });

  it('asks for the meaning of a list of an unknown exporter', () => {
    const facts = factsOf({ outputs: list });
    const { questions } = recognise(facts, { labels: labels(80) });
    expect(questions.map(({ answer }) => answer)).toEqual(['corners', 'coordinates', 'firstClass']);
    const answers: Answers = {
      ...{ corners: 'xyxy', coordinates: 'pixels', firstClass: 1 },
      ...{ channels: 'rgb', scale: 1 / 255, resize: { mode: 'stretch' } },
    };
    const { draft } = recognise(facts, { labels: labels(80), ...answers });
    expect(draft?.output).toMatchObject({ corners: 'xyxy', first_class: 1 });
  });

  it('recognises NanoDet by its pairs of outputs in any order', () => {
    const cells = [6400, 1600, 400];
    const outputs = [
      ...cells.map((count) => tensor(`dis_${count}`, [1, count, 32])),
      ...cells.toReversed().map((count) => tensor(`cls_${count}`, [1, count, 80])),
    ];
    const { draft } = recognise(factsOf({ outputs }), { labels: labels(80) });
    expect(draft?.output).toMatchObject({
      family: 'nanodet',
      tensors: {
        confidences: ['cls_6400', 'cls_1600', 'cls_400'],
        distances: ['dis_6400', 'dis_1600', 'dis_400'],
      },
    });
  });
});

function capture(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error, none was thrown');
}
