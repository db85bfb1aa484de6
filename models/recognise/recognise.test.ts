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
  ])('knows %s', (_, dims, count, expected) => {
    const { network, questions, concluded } = recognise(output(...dims), { labels: labels(count) });
    expect(questions).toEqual([]);
    expect(network?.output).toEqual(expected);
    expect(concluded.map(({ what }) => what)).toContain('family');
    for (const { because } of concluded) expect(because).not.toBe('');
  });

  it('takes for decoded what computes boxes after its last layers, and asks how it is fed', () => {
    const nodes = [
      node('Conv', 'images', 'raw'),
      node('Exp', 'raw', 'sides'),
      node('Concat', 'raw,sides', 'output0'),
    ];
    const facts = { ...output(1, 8400, 85), nodes };
    const asked = recognise(facts, { labels: labels(80) });
    expect(asked.questions.map(({ answer }) => answer)).toEqual(['channels', 'scale', 'resize']);
    const answers: Answers = { channels: 'bgr', scale: 1, resize: YOLOX_NANO.input.resize };
    const { network } = recognise(facts, { labels: labels(80), ...answers });
    expect(network?.output).toEqual({ family: 'yolov5', ...ROWS });
    expect(network?.input).toMatchObject(answers);
  });

  it('does not take the computing of a shape for that of boxes', () => {
    const nodes = [
      node('Conv', 'images', 'raw'),
      node('Mul', 'size,two', 'shape'),
      node('Reshape', 'raw,shape', 'output0'),
    ];
    const { network } = recognise({ ...output(1, 8400, 85), nodes }, { labels: labels(80) });
    expect(network?.output.family).toBe('yolox');
  });

  it('asks when two readings fit, and takes the answer', () => {
    const facts = output(1, 'rows', 6);
    const { questions, network } = recognise(facts, { labels: labels(2) });
    expect(network).toBeUndefined();
    expect(questions).toEqual([
      expect.objectContaining({ answer: 'family', choices: ['yolov8', 'end-to-end'] }),
    ]);
    const answered = recognise(facts, { labels: labels(2), family: 'end-to-end' });
    expect(answered.network?.output.family).toBe('end-to-end');
  });

  it('lets an answer go before what is usual, and says so', () => {
    const answers: Answers = { labels: labels(80), channels: 'bgr', resize: { mode: 'stretch' } };
    const { network, concluded } = recognise(output(1, 84, 8400), answers);
    expect(network?.input).toMatchObject({ channels: 'bgr', resize: { mode: 'stretch' } });
    expect(concluded.at(-1)?.because).toMatch(/, but channels, resize as given$/);
  });

  it('asks for labels first, and concludes nothing of the family without', () => {
    const { questions, network } = recognise(output(1, 84, 8400));
    expect(questions.map(({ answer }) => answer)).toEqual(['labels']);
    expect(network).toBeUndefined();
  });

  it.each<[Dims, number, string]>([
    [
      [1, 84, 8400],
      3,
      '80 classes of YOLOv8 and later, or 79 classes of YOLOX or YOLOv5; there are 3',
    ],
    [
      [1, 25200, 8],
      4,
      '4 classes of YOLOv8 and later, or 3 classes of YOLOX or YOLOv5; there are 4',
    ],
    [[1, 3, 1000, 2], 1000, 'Export the model of a family that is known'],
  ])('refuses an output of %j with %i labels', (dims, count, message) => {
    const refused = capture(() => recognise(output(...dims), { labels: labels(count) }));
    expect(hasCode(refused, 'MODEL_INVALID')).toBe(true);
    expect(refused).toHaveProperty('message', expect.stringContaining(message));
  });
});

describe('recognise, of several outputs', () => {
  const detr = [tensor('logits', [1, 300, 80]), tensor('pred_boxes', [1, 300, 4])];
  const list = [
    tensor('labels', ['N', 300], 'int64'),
    tensor('boxes', ['N', 300, 4]),
    tensor('scores', ['N', 300]),
  ];

  it('knows DETR by logits and boxes', () => {
    const { network } = recognise(factsOf({ outputs: detr }), { labels: labels(80) });
    expect(network?.output).toEqual({ family: 'detr', logits: 'logits', boxes: 'pred_boxes' });
    expect(network?.input.resize).toEqual({ mode: 'stretch' });
  });

  it('does not take confidences for logits', () => {
    const nodes = [node('Sigmoid', 'x', 'logits')];
    const facts = factsOf({ outputs: detr, nodes });
    expect(() => recognise(facts, { labels: labels(80) })).toThrow('cannot be read');
  });

  it('knows the list of RT-DETR by its input of sizes', () => {
    const inputs = [IMAGES, tensor('orig_target_sizes', ['N', 2], 'int64')];
    const { network } = recognise(factsOf({ inputs, outputs: list }), { labels: labels(80) });
    expect(network?.output).toMatchObject({ family: 'detections', coordinates: 'pixels' });
    expect(network?.input.size_tensor).toEqual({ tensor: 'orig_target_sizes', dtype: 'int64' });
  });

  it('asks what a list means whose export is not known', () => {
    const facts = factsOf({ outputs: list });
    const { questions } = recognise(facts, { labels: labels(80) });
    expect(questions.map(({ answer }) => answer)).toEqual(['corners', 'coordinates', 'firstClass']);
    const answers: Answers = {
      ...{ corners: 'xyxy', coordinates: 'pixels', firstClass: 1 },
      ...{ channels: 'rgb', scale: 1 / 255, resize: { mode: 'stretch' } },
    };
    const { network } = recognise(facts, { labels: labels(80), ...answers });
    expect(network?.output).toMatchObject({ corners: 'xyxy', first_class: 1 });
  });

  it('knows NanoDet by its pairs, in whatever order they stand', () => {
    const cells = [6400, 1600, 400];
    const outputs = [
      ...cells.map((count) => tensor(`dis_${count}`, [1, count, 32])),
      ...cells.toReversed().map((count) => tensor(`cls_${count}`, [1, count, 80])),
    ];
    const { network } = recognise(factsOf({ outputs }), { labels: labels(80) });
    expect(network?.output).toMatchObject({
      family: 'nanodet',
      tensors: {
        confidences: ['cls_6400', 'cls_1600', 'cls_400'],
        distances: ['dis_6400', 'dis_1600', 'dis_400'],
      },
    });
  });
});

function capture(step: () => unknown): unknown {
  try {
    step();
  } catch (error) {
    return error;
  }
  throw new Error('Expected an error, none was thrown');
}
