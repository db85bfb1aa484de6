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
    const { network, licence } = recognise(facts);
    expect(network?.labels).toEqual(['a', 'b', 'c']);
    expect(network?.input).toEqual({
      ...YOLOV8N.input,
      ...{ tensor: 'images', width: 640, height: 480, dtype: 'float16' },
    });
    expect(licence).toBe('AGPL-3.0');
  });

  it('asks for the size when nothing tells it, and for the layout', () => {
    const inputs = [tensor('x', ['b', 'p', 'q', 'r'])];
    const facts = factsOf({ inputs, outputs });
    const asked = recognise(facts, { labels: labels(3) });
    expect(asked.questions.map(({ answer }) => answer)).toEqual(['layout']);
    const then = recognise(facts, { labels: labels(3), layout: 'nhwc' });
    expect(then.questions.map(({ answer }) => answer)).toEqual(['size']);
    const size = { width: 320, height: 256 };
    const { network } = recognise(facts, { labels: labels(3), layout: 'nhwc', size });
    expect(network?.input).toMatchObject({ ...size, layout: 'nhwc' });
  });

  it('knows RT-DETR of Ultralytics by its description', () => {
    const metadata = { ...ultralytics, description: 'Ultralytics RT-DETR-l model' };
    const facts = factsOf({ metadata, outputs: [tensor('output0', [1, 300, 7])] });
    expect(recognise(facts).network?.output).toMatchObject({
      ...{ family: 'yolov8', orientation: 'rows', coordinates: 'normalised', finished: true },
    });
  });

  it('believes end2end in the metadata', () => {
    const metadata = { ...ultralytics, end2end: 'True' };
    const facts = factsOf({ metadata, outputs: [tensor('output0', [1, 300, 6])] });
    expect(recognise(facts).network?.output.family).toBe('end-to-end');
  });

  it.each<[string, Partial<OnnxFacts>, string]>([
    ['another task', { metadata: { task: 'pose' } }, 'its task is "pose"'],
    ['no picture', { inputs: [tensor('ids', [1, 77], 'int64')] }, 'takes no picture'],
    ['a grey picture', { inputs: [tensor('x', [1, 1, 28, 28])] }, 'takes no picture'],
    ['a batch', { inputs: [tensor('x', [4, 3, 640, 640])] }, 'takes 4 pictures at once'],
    ['doubles', { inputs: [tensor('x', [1, 3, 64, 64], 'float64')] }, 'is of float64'],
    ['a second input', { inputs: [IMAGES, tensor('scale', [1, 2])] }, 'takes scale float32 [1, 2]'],
  ])('refuses %s', (_, change, message) => {
    const facts = factsOf({ outputs, ...change });
    const refused = capture(() => recognise(facts, { labels: labels(3) }));
    expect(hasCode(refused, 'MODEL_INVALID')).toBe(true);
    expect(refused).toHaveProperty('message', expect.stringContaining(message));
  });

  it('refuses a size that the file rules out', () => {
    const size = { width: 320, height: 320 };
    expect(() => recognise(output(1, 84, 8400), { labels: labels(80), size })).toThrow(
      'takes pictures of 640x640, not of 320x320',
    );
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
