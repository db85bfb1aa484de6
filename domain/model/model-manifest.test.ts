import { describe, expect, it } from 'vitest';
import { type ModelManifest, modelManifestSchema } from './model-manifest.js';

const facts = {
  name: 'cars',
  version: 2,
  sha256: 'a'.repeat(64),
  size_bytes: 10,
  labels: ['car'],
  licence: 'MIT',
  source: 'here',
};

const input = {
  width: 416,
  height: 320,
  channels: 'bgr',
  layout: 'nchw',
  dtype: 'float32',
  scale: 1,
  mean: [0, 0, 0] as [number, number, number],
  std: [1, 1, 1] as [number, number, number],
} as const;

const detector: ModelManifest = {
  ...facts,
  task: 'detect',
  input: {
    ...input,
    resize: { mode: 'letterbox', anchor: 'center', fill: 114, rounding: 'round' },
  },
  output: { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' },
};

describe('modelManifestSchema', () => {
  it.each([
    ['another family', { ...detector, output: { family: 'yolo1' } }],
    ['an unknown field', { ...detector, more: 1 }],
    ['text', 'text'],
  ])('rejects %s', (_, stored) => {
    expect(modelManifestSchema.safeParse(stored).success).toBe(false);
  });

  const masks = { tensor: 'output1', coefficients: 32 };
  const classifier = { family: 'classifier', activation: 'none' };
  it.each([
    ['detect', {}, true],
    ['segment', { output: { ...detector.output, masks } }, true],
    ['classify', { output: classifier }, true],
    ['segment', {}, false],
    ['detect', { output: { ...detector.output, masks } }, false],
    ['detect', { output: classifier }, false],
    ['classify', {}, false],
  ])('reads the task %s with %j: %s', (task, change, expected) => {
    const manifest = { ...detector, task, ...change };
    const read = modelManifestSchema.safeParse(manifest);
    expect(read.success).toBe(expected);
    if (read.success) expect(read.data).toEqual(manifest);
  });

  it.each([
    [undefined, true],
    [416, true],
    [415, false],
  ])('reads a centre crop of shorter side %s: %s', (shorter, expected) => {
    const resize = { mode: 'center-crop', ...(shorter && { shorter_side: shorter }) };
    const manifest = { ...detector, input: { ...detector.input, resize } };
    expect(modelManifestSchema.safeParse(manifest).success).toBe(expected);
  });

  it.each([
    ['bicubic', true],
    [undefined, true],
    ['area', false],
  ])('reads the kernel %s: %s', (kernel, expected) => {
    for (const resize of [detector.input.resize, { mode: 'stretch' }, { mode: 'center-crop' }]) {
      const input = { ...detector.input, resize: { ...resize, ...(kernel && { kernel }) } };
      const read = modelManifestSchema.safeParse({ ...detector, input });
      expect(read.success).toBe(expected);
      if (read.success) expect(read.data.input).toEqual(input);
    }
  });

  it('rejects a scale for an input of bytes', () => {
    const manifest = detector;
    const bytes = { ...manifest, input: { ...manifest.input, dtype: 'uint8' } };
    expect(modelManifestSchema.safeParse(bytes).success).toBe(true);
    const scaled = { ...bytes, input: { ...bytes.input, scale: 0.5 } };
    expect(modelManifestSchema.safeParse(scaled).success).toBe(false);
  });

  it.each([
    ['a plain name', [{ name: 'a.bin' }], true],
    ['a name outside its folder', [{ name: '../a.bin' }], false],
    ['no SHA-256', [{ name: 'a.bin', sha256: 'x' }], false],
    ['none', [], false],
  ])('of data files with %s', (_, files, expected) => {
    const manifest = detector;
    expect(manifest).not.toHaveProperty('files');
    const file = { sha256: 'b'.repeat(64), size_bytes: 3 };
    const outside = { ...manifest, files: files.map((change) => ({ ...file, ...change })) };
    expect(modelManifestSchema.safeParse(outside).success).toBe(expected);
  });
});
