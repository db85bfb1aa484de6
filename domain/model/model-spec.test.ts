import { describe, expect, it } from 'vitest';
import { isModelPath, modelNameOf, parseModelSpec } from './model-spec.js';
import { isId } from '../names.js';

describe('isModelPath', () => {
  it.each([
    ['best.onnx', true],
    ['best.PT', true],
    ['best.keras', true],
    ['runs/train/best', true],
    ['C:\\models\\best', true],
    ['yolox_nano', false],
    ['yolox_nano@2', false],
    ['onnx', false],
    ['models:/fish/latest', false],
    ['models:/fish@champion', false],
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

describe('parseModelSpec', () => {
  it.each([
    ['fish', { name: 'fish' }],
    ['fish@3', { name: 'fish', version: 3 }],
    ['fish@champion', { name: 'fish', alias: 'champion' }],
    ['fish@3a', { name: 'fish', alias: '3a' }],
    ['fish@latest', { name: 'fish' }],
    ['models:/fish/latest', { name: 'fish' }],
    ['models:/fish/3', { name: 'fish', version: 3 }],
    ['models:/fish@champion', { name: 'fish', alias: 'champion' }],
    [`${'a'.repeat(128)}@${'b'.repeat(128)}`, { name: 'a'.repeat(128), alias: 'b'.repeat(128) }],
  ])('parses %s', (text, expected) => expect(parseModelSpec(text)).toEqual(expected));

  it.each([
    ...['', 'fish@', '@champion', 'fish@0', 'fish@03', 'fish@1234567890', 'fish@a b', 'a.b'],
    ...['models:/fish', 'models:/fish/', 'models:/fish/0', 'models:/fish/champion'],
    ...['models:/fish@3', 'models:/fish/3/model', 'models://fish/3', 'MODELS:/fish/3'],
    ...['fish@champion\n', '../fish@champion', 'fish/3', `${'a'.repeat(129)}`],
  ])('does not parse %j', (text) => expect(parseModelSpec(text)).toBeUndefined());
});
