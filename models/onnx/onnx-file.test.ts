import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../domain/errors.js';
import { createMockModel } from '../mock/mock-model.js';
import { expectExternalFiles } from './external-files.js';
import { parseOnnx, readOnnxFile } from './onnx-file.js';
import { writeOnnx } from './write-onnx.js';

const MODEL = writeOnnx({
  name: 'small',
  opset: 13,
  metadata: { names: "{0: 'cat'}", stride: '32' },
  inputs: [
    { name: 'images', type: 'float16', dims: ['batch', 3, '?', 640] },
    { name: 'weight', type: 'float32', dims: [1] },
  ],
  outputs: [{ name: 'output', type: 'int64', dims: [1, 2] }],
  nodes: [{ operation: 'Identity', inputs: ['weight'], outputs: ['output'] }],
  weights: [{ name: 'weight', dims: [1], values: Float32Array.of(1) }],
});

describe('parseOnnx', () => {
  it('reads the description, without weights among the inputs', () => {
    expect(parseOnnx(MODEL, 'small.onnx')).toEqual({
      title: 'small.onnx',
      producer: 'vidette',
      opset: 13,
      metadata: { names: "{0: 'cat'}", stride: '32' },
      inputs: [{ name: 'images', type: 'float16', dims: ['batch', 3, '?', 640] }],
      outputs: [{ name: 'output', type: 'int64', dims: [1, 2] }],
      nodes: [{ operation: 'Identity', inputs: ['weight'], outputs: ['output'] }],
      externalFiles: [],
    });
  });

  it.each([
    ['nothing', '', 'is empty'],
    ['text', 'this is not a model at all', 'is not an ONNX file'],
    ['a web page', '\n<!DOCTYPE html><html>', 'is a web page'],
    ['a pointer', 'version https://git-lfs.github.com/spec/v1', 'git lfs pull'],
    ['weights of PyTorch', 'PK\x03\x04archive', 'yolo export model="best.pt" format=onnx'],
    ['Keras 2', '\x89HDF\r\n\x1a\n', 'keras.saving.load_model("best.onnx").save("model.keras")'],
    ['TensorFlow Lite', '\x1c\x00\x00\x00TFL3', 'tf2onnx'],
  ])('rejects %s', (_, text, message) => {
    const rejected = capture(() => parseOnnx(Buffer.from(text, 'latin1'), 'folder/best.onnx'));
    expect(hasCode(rejected, 'MODEL_INVALID')).toBe(true);
    expect(rejected).toHaveProperty('message', expect.stringContaining('folder/best.onnx '));
    expect(rejected).toHaveProperty('message', expect.stringContaining(message));
  });

  it('reports every truncated file as truncated', () => {
    const { bytes } = createMockModel();
    const graphEnds = bytes.length - 100;
    for (let length = 1; length < graphEnds; length += 7) {
      expect(() => parseOnnx(bytes.subarray(0, length), 'cut.onnx')).toThrow(
        'cut.onnx is a truncated ONNX file',
      );
    }
  });
});

describe('readOnnxFile', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-onnx-'));
    await writeFile(join(folder, 'model.onnx'), MODEL);
    await writeFile(join(folder, 'weights.bin'), 'weights');
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data/a.bin'), 'weights');
    await symlink('/etc/hostname', join(folder, 'link.bin'));
    await symlink('weights.bin', join(folder, 'inside.bin'));
    await symlink('data', join(folder, 'linked'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('reads a file and rejects a missing one', async () => {
    expect((await readOnnxFile(join(folder, 'model.onnx'))).opset).toBe(13);
    await expect(readOnnxFile(join(folder, 'none.onnx'))).rejects.toThrow('could not be read');
  });

  it('rejects a SavedModel, a folder or its file, with the command that converts it', async () => {
    const saved = join(folder, 'saved');
    await mkdir(saved);
    await writeFile(join(saved, 'saved_model.pb'), 'graph');
    const command = `python -m tf2onnx.convert --saved-model "${saved}" --output model.onnx`;
    await expect(readOnnxFile(saved)).rejects.toThrow(command);
    await expect(readOnnxFile(join(saved, 'saved_model.pb'))).rejects.toThrow(command);
  });

  it('accepts weights in the folder of the model', async () => {
    const path = join(folder, 'model.onnx');
    const files = ['weights.bin', 'data/a.bin'];
    await expect(expectExternalFiles(path, files)).resolves.toBeUndefined();
  });

  it.each([
    ['../weights.bin', 'not a plain path'],
    ['/etc/hostname', 'not a plain path'],
    ['a/../../weights.bin', 'not a plain path'],
    ['data/../weights.bin', 'not a plain path'],
    ['./weights.bin', 'not a plain path'],
    ['data\\a.bin', 'not a plain path'],
    ['weights.bin\0', 'not a plain path'],
    ['*/_ORT_MEM_ADDR_/*', 'not a plain path'],
    ['manifest.json', 'not a plain path'],
    ['', 'not a plain path'],
    ['link.bin', 'a link or not a file'],
    ['inside.bin', 'a link or not a file'],
    ['linked/a.bin', 'a link or not a file'],
    ['data', 'a link or not a file'],
    ['gone.bin', 'which is missing'],
  ])('rejects weights at %j', async (file, message) => {
    const path = join(folder, 'model.onnx');
    const rejected = expectExternalFiles(path, [file]);
    await expect(rejected).rejects.toThrow(message);
    await expect(rejected).rejects.toThrow(JSON.stringify(file));
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
