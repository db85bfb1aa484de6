import { describe, expect, it } from 'vitest';
import { hasCode } from '../../domain/errors.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';
import { type Dims, factsOf, labels, node, output, tensor } from '../../test/support/onnx-facts.js';
import { type Answers, recognise } from './index.js';

const MASKS = { tensor: 'output1', coefficients: 32 };
const PROTOTYPES = tensor('output1', [1, 32, 160, 160]);
const YOLO = { tensor: 'output0', coordinates: 'pixels', masks: MASKS };

const segmenting = (dims: Dims, change: Partial<OnnxFacts> = {}) =>
  factsOf({ outputs: [tensor('output0', dims), PROTOTYPES], ...change });

describe('recognise, of models that segment', () => {
  it.each<[string, Dims, number, object]>([
    ['YOLOv8-seg', [1, 116, 8400], 80, { family: 'yolov8', orientation: 'columns', ...YOLO }],
    ['in rows', [1, 8400, 39], 3, { family: 'yolov8', orientation: 'rows', ...YOLO }],
    ['with open anchors', ['n', 37, 'a'], 1, { family: 'yolov8', orientation: 'columns', ...YOLO }],
    ['YOLOv5-seg', [1, 25200, 117], 80, { family: 'yolov5', orientation: 'rows', ...YOLO }],
    ['YOLO26-seg', [1, 300, 38], 80, { family: 'end-to-end', ...YOLO }],
    ['YOLO26-seg of 2 classes', [1, 300, 38], 2, { family: 'end-to-end', ...YOLO }],
  ])('recognises %s', (_, dims, count, expected) => {
    const { draft, questions } = recognise(segmenting(dims), { labels: labels(count) });
    expect(questions).toEqual([]);
    expect(draft).toMatchObject({ task: 'segment', output: expected });
    expect(draft?.input.resize).toMatchObject({ mode: 'letterbox', anchor: 'center' });
  });

  it('recognises prototypes before the boxes and of dynamic size', () => {
    const outputs = [tensor('p', ['n', 8, 'h', 'w']), tensor('b', [1, 15, 8400])];
    const { draft } = recognise(factsOf({ outputs }), { labels: labels(3) });
    expect(draft?.output).toMatchObject({ tensor: 'b', masks: { tensor: 'p', coefficients: 8 } });
  });

  it('trusts end2end in the metadata if both readings fit', () => {
    const facts = (end2end: string) =>
      segmenting([1, 'rows', 38], { metadata: { end2end, task: 'segment' } });
    const familyOf = (end2end: string) =>
      recognise(facts(end2end), { labels: labels(2) }).draft?.output.family;
    expect([familyOf('True'), familyOf('False')]).toEqual(['end-to-end', 'yolov8']);
  });

  it('rejects another number of labels', () => {
    expect(() => recognise(segmenting([1, 116, 8400]), { labels: labels(3) })).toThrow(
      '80 classes of YOLOv8 and later',
    );
  });

  it('rejects metadata that contradicts the outputs', () => {
    const facts = { ...output(1, 84, 8400), metadata: { task: 'segment' } };
    expect(() => recognise(facts, { labels: labels(80) })).toThrow('cannot be decoded as segment');
  });
});

const classifying = (dims: Dims, ...operations: readonly string[]) =>
  factsOf({
    inputs: [tensor('x', ['unk', 224, 224, 3])],
    outputs: [tensor('y', dims)],
    nodes: operations.map((operation, i) =>
      node(operation, i === 0 ? 'x' : `t${i}`, i === operations.length - 1 ? 'y' : `t${i + 1}`),
    ),
  });
const activationOf = (facts: OnnxFacts, answers: Answers = {}) => {
  const { draft } = recognise(facts, { labels: labels(5), ...answers });
  return draft?.output.family === 'classifier' ? draft.output.activation : undefined;
};

describe('recognise, of models that classify', () => {
  it('recognises a Keras export by its shapes and last operation, with reasons', () => {
    const facts = classifying(['unk', 5], 'Conv', 'MatMul', 'Softmax');
    const { draft, questions, concluded } = recognise(facts, { labels: labels(5) });
    expect(questions).toEqual([]);
    expect(draft).toMatchObject({
      task: 'classify',
      output: { family: 'classifier', tensor: 'y', activation: 'softmax' },
      input: { layout: 'nhwc', width: 224, channels: 'rgb', resize: { mode: 'stretch' } },
    });
    expect(draft?.input).toMatchObject({ scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] });
    expect(concluded).toContainEqual({
      ...{ what: 'values', value: 'probabilities' },
      because: 'its last operation is Softmax',
    });
  });

  it.each<[Dims, string[], string]>([
    [['n', 5], ['Conv', 'Gemm'], 'none'],
    [['n', 5], ['Conv', 'MatMul', 'Add'], 'none'],
    [['n', 5], ['Conv', 'LogSoftmax'], 'none'],
    [[5], ['Conv', 'Softmax', 'Reshape'], 'softmax'],
    [[1, 5, 1, 1], ['Conv', 'GlobalAveragePool'], 'none'],
    [['n', 5], ['Conv', 'Softmax', 'Cast', 'Identity'], 'softmax'],
  ])('recognises the values of %j after %j as %s', (dims, operations, expected) => {
    expect(activationOf(classifying(dims, ...operations))).toBe(expected);
  });

  it.each([[[]], [['Conv', 'Exp', 'Div']]])(
    'asks for the activation after %j and uses the answer',
    (operations) => {
      const facts = classifying(['n', 5], ...operations);
      const { questions, draft } = recognise(facts, { labels: labels(5) });
      expect(draft).toBeUndefined();
      expect(questions).toEqual([
        expect.objectContaining({ answer: 'activation', choices: ['softmax', 'none'] }),
      ]);
      expect(activationOf(facts, { activation: 'softmax' })).toBe('softmax');
    },
  );

  it('asks for the scale if the graph does arithmetic on pixels', () => {
    const facts = classifying(['n', 5], 'Transpose', 'Mul', 'Conv', 'Softmax');
    const { questions } = recognise(facts, { labels: labels(5) });
    expect(questions.map(({ answer }) => answer)).toEqual(['scale']);
    expect(activationOf(facts, { scale: 1 })).toBe('softmax');
  });

  it('uses a centre crop for Ultralytics classifiers', () => {
    const metadata = { names: "{0: 'кот', 1: 'пёс'}", task: 'classify', imgsz: '[32, 32]' };
    const inputs = [tensor('images', ['n', 3, 'h', 'w'])];
    const facts = { ...classifying(['n', 2], 'Conv', 'Softmax'), inputs, metadata };
    const { draft } = recognise(facts);
    expect(draft?.labels).toEqual(['кот', 'пёс']);
    expect(draft?.input).toMatchObject({ width: 32, resize: { mode: 'center-crop' } });
  });

  it.each<[string, OnnxFacts, number, string]>([
    [
      'another number of labels',
      classifying(['n', 5], 'Gemm'),
      4,
      '5 classes of a classifier, but there are 4',
    ],
    ['a sigmoid', classifying(['n', 5], 'Gemm', 'Sigmoid'), 5, 'ends with Sigmoid'],
    ['a list', classifying(['n', 7], 'Conv', 'Concat'), 7, 'cannot be decoded'],
    ['a fixed batch', classifying([4, 5], 'Gemm'), 5, 'cannot be decoded'],
  ])('rejects %s', (_, facts, count, message) => {
    const rejected = capture(() => recognise(facts, { labels: labels(count) }));
    expect(hasCode(rejected, 'MODEL_INVALID')).toBe(true);
    expect(rejected).toHaveProperty('message', expect.stringContaining(message));
  });

  it('resizes with the kernel that the user states', () => {
    const facts = classifying(['n', 5], 'Gemm', 'Softmax');
    const { draft, concluded } = recognise(facts, { labels: labels(5), kernel: 'bicubic' });
    expect(draft?.input.resize).toEqual({ mode: 'stretch', kernel: 'bicubic' });
    const pixels = concluded.find(({ what }) => what === 'pixels');
    expect(pixels?.value).toContain('stretch (bicubic)');
    expect(pixels?.because).toContain('except for the kernel that you specified');
  });

  it('rejects a centre crop that does not fill the input', () => {
    const resize = { mode: 'center-crop', shorter_side: 200 } as const;
    const facts = classifying(['n', 5], 'Gemm');
    expect(() => recognise(facts, { labels: labels(5), resize })).toThrow('at least 224');
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
