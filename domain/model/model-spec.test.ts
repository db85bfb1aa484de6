import { describe, expect, it } from 'vitest';
import { isModelPath, modelNameOf } from './model-spec.js';
import { isId } from '../names.js';

describe('isModelPath', () => {
  it.each([
    ['best.onnx', true],
    ['best.PT', true],
    ['runs/train/best', true],
    ['C:\\models\\best', true],
    ['yolox_nano', false],
    ['yolox_nano@2', false],
    ['onnx', false],
  ])('%s: %s', (text, expected) => expect(isModelPath(text)).toBe(expected));
});

describe('modelNameOf', () => {
  it.each([
    ['best.onnx', 'best'],
    ['/data/My best (v2).onnx', 'My-best-v2'],
    ['C:\\models\\yolov8n.onnx', 'yolov8n'],
    ['yolo11n.fp16.onnx', 'yolo11n-fp16'],
    ['....onnx', 'model'],
    ['ж.onnx', 'model'],
    [`${'a'.repeat(200)}.onnx`, 'a'.repeat(128)],
  ])('%s is %s', (path, expected) => {
    expect(modelNameOf(path)).toBe(expected);
    expect(isId(modelNameOf(path))).toBe(true);
  });
});
