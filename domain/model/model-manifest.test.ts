import { describe, expect, it } from 'vitest';
import { modelManifestSchema, storedManifestSchema } from './model-manifest.js';

const facts = {
  name: 'cars',
  version: 2,
  sha256: 'a'.repeat(64),
  size_bytes: 10,
  labels: ['car'],
  licence: 'MIT',
  source: 'here',
};

/** As the first form wrote them. */
const old = (family: string, anchor: string) => ({
  ...facts,
  family,
  input: {
    width: 416,
    height: 320,
    channels: 'bgr',
    scale: 1,
    letterbox: { anchor, fill: 114 },
  },
});

const input = {
  width: 416,
  height: 320,
  channels: 'bgr',
  layout: 'nchw',
  dtype: 'float32',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
} as const;

describe('storedManifestSchema', () => {
  it.each([
    ['yolox', 'top-left', 'truncate', { family: 'yolox', strides: [8, 16, 32] }],
    [
      'yolov8',
      'center',
      'round',
      { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' },
    ],
  ])('reads a manifest of the first form of %s', (family, anchor, rounding, output) => {
    expect(storedManifestSchema.parse(old(family, anchor))).toEqual({
      ...facts,
      task: 'detect',
      input: { ...input, resize: { mode: 'letterbox', anchor, fill: 114, rounding } },
      output,
    });
  });

  it("gives a manifest of today's form back as it is", () => {
    const manifest = storedManifestSchema.parse(old('yolox', 'center'));
    expect(storedManifestSchema.parse(manifest)).toEqual(manifest);
    expect(modelManifestSchema.parse(manifest)).toEqual(manifest);
  });

  it.each([
    ['another family', { ...old('yolo1', 'center') }],
    ['an unknown field', { ...old('yolox', 'center'), more: 1 }],
    ['no object', 'text'],
  ])('refuses %s', (_, stored) => {
    expect(storedManifestSchema.safeParse(stored).success).toBe(false);
  });

  const now = () => storedManifestSchema.parse(old('yolov8', 'center'));
  const masks = { tensor: 'output1', coefficients: 32 };
  const classifier = { family: 'classifier', activation: 'none' };
  it.each([
    ['detect', {}, true],
    ['segment', { output: { ...now().output, masks } }, true],
    ['classify', { output: classifier }, true],
    ['segment', {}, false],
    ['detect', { output: { ...now().output, masks } }, false],
    ['detect', { output: classifier }, false],
    ['classify', {}, false],
  ])('reads the task %s with %j: %s', (task, change, expected) => {
    const manifest = { ...now(), task, ...change };
    const read = storedManifestSchema.safeParse(manifest);
    expect(read.success).toBe(expected);
    if (read.success) expect(read.data).toEqual(manifest);
  });

  it.each([
    [undefined, true],
    [416, true],
    [415, false],
  ])('reads a centre crop of shorter side %s: %s', (shorter, expected) => {
    const resize = { mode: 'center-crop', ...(shorter && { shorter_side: shorter }) };
    const manifest = { ...now(), input: { ...now().input, resize } };
    expect(modelManifestSchema.safeParse(manifest).success).toBe(expected);
  });

  it('refuses bytes that are to be scaled', () => {
    const manifest = storedManifestSchema.parse(old('yolox', 'center'));
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
    const manifest = storedManifestSchema.parse(old('yolox', 'center'));
    expect(manifest).not.toHaveProperty('files');
    const file = { sha256: 'b'.repeat(64), size_bytes: 3 };
    const outside = { ...manifest, files: files.map((change) => ({ ...file, ...change })) };
    expect(storedManifestSchema.safeParse(outside).success).toBe(expected);
  });
});
