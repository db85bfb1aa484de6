import { describe, expect, it } from 'vitest';
import { hasCode } from '../../domain/errors.js';
import { YOLOV8N } from '../catalogue.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';
import { factsOf, IMAGES, labels, output, tensor } from '../../test/support/onnx-facts.js';
import { recognise } from './index.js';

describe('recognise, of inputs and metadata', () => {
  const ultralytics = {
    names: "{0: 'a', 1: 'b', 2: 'c'}",
    imgsz: '[480, 640]',
    stride: '32',
    task: 'detect',
    license: 'AGPL-3.0',
  };
  const open = tensor('images', ['batch', 3, 'height', 'width'], 'float16');
  const outputs = [tensor('output0', ['batch', 7, 'anchors'])];

  it('takes labels, size and licence from the metadata', () => {
    const facts = factsOf({ metadata: ultralytics, inputs: [open], outputs });
    const { draft, licence } = recognise(facts);
    expect(draft?.labels).toEqual(['a', 'b', 'c']);
    expect(draft?.input).toEqual({
      ...YOLOV8N.input,
      ...{ tensor: 'images', width: 640, height: 480, dtype: 'float16' },
    });
    expect(licence).toBe('AGPL-3.0');
  });

  it('asks for the size and the layout if they are unknown', () => {
    const inputs = [tensor('x', ['b', 'p', 'q', 'r'])];
    const facts = factsOf({ inputs, outputs });
    const asked = recognise(facts, { labels: labels(3) });
    expect(asked.questions.map(({ answer }) => answer)).toEqual(['layout']);
    const then = recognise(facts, { labels: labels(3), layout: 'nhwc' });
    expect(then.questions.map(({ answer }) => answer)).toEqual(['size']);
    const size = { width: 320, height: 256 };
    const { draft } = recognise(facts, { labels: labels(3), layout: 'nhwc', size });
    expect(draft?.input).toMatchObject({ ...size, layout: 'nhwc' });
  });

  it('recognises RT-DETR of Ultralytics by its description', () => {
    const metadata = { ...ultralytics, description: 'Ultralytics RT-DETR-l model' };
    const facts = factsOf({ metadata, outputs: [tensor('output0', [1, 300, 7])] });
    expect(recognise(facts).draft?.output).toMatchObject({
      ...{ family: 'yolov8', orientation: 'rows', coordinates: 'normalised', finished: true },
    });
  });

  it('trusts end2end in the metadata', () => {
    const metadata = { ...ultralytics, end2end: 'True' };
    const facts = factsOf({ metadata, outputs: [tensor('output0', [1, 300, 6])] });
    expect(recognise(facts).draft?.output.family).toBe('end-to-end');
  });

  it.each<[string, Partial<OnnxFacts>, string]>([
    ['another task', { metadata: { task: 'pose' } }, 'the task in its metadata is "pose"'],
    ['no image', { inputs: [tensor('ids', [1, 77], 'int64')] }, 'has no image input'],
    ['a grey image', { inputs: [tensor('x', [1, 1, 28, 28])] }, 'has no image input'],
    ['a batch', { inputs: [tensor('x', [4, 3, 640, 640])] }, 'has a fixed batch of 4 images'],
    ['doubles', { inputs: [tensor('x', [1, 3, 64, 64], 'float64')] }, 'has type float64'],
    [
      'a second input',
      { inputs: [IMAGES, tensor('scale', [1, 2])] },
      'not supported: scale float32 [1, 2]',
    ],
  ])('rejects %s', (_, change, message) => {
    const facts = factsOf({ outputs, ...change });
    const rejected = capture(() => recognise(facts, { labels: labels(3) }));
    expect(hasCode(rejected, 'MODEL_INVALID')).toBe(true);
    expect(rejected).toHaveProperty('message', expect.stringContaining(message));
  });

  it('rejects a size that contradicts the file', () => {
    const size = { width: 320, height: 320 };
    expect(() => recognise(output(1, 84, 8400), { labels: labels(80), size })).toThrow(
      'takes images of 640x640, not 320x320',
    );
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
