import { describe, expect, it } from 'vitest';
import { expectScenarioUuid, isDataFile, isId, keys, predictionId } from './names.js';
import { scenarioUuidOf, streamWorkflowIdOf, workflowIdOf } from './workflow-ids.js';

describe('isId', () => {
  it.each([
    ['a', true],
    ['A-z_09', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['', false],
    ['a/b', false],
    ['..', false],
    ['a.b', false],
    ['a b', false],
    ['a\n', false],
    ['é', false],
  ])('of %j is %s', (text, expected) => {
    expect(isId(text)).toBe(expected);
  });
});

describe('expectScenarioUuid', () => {
  const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';

  it('returns a UUID, which names the workflow', () => {
    expect(expectScenarioUuid(UUID)).toBe(UUID);
    expect(streamWorkflowIdOf(UUID)).toBe(`stream/${UUID}`);
    expect(scenarioUuidOf(`stream/${UUID}`)).toBe(UUID);
  });

  it.each([UUID, `stream/${UUID}/1`, 'video-detection/e1'])(
    'finds no scenario in the workflow id %s',
    (id) => {
      expect(scenarioUuidOf(id)).toBeUndefined();
    },
  );

  it.each([
    ...['', 'cars', UUID.toUpperCase(), `${UUID}\n`, `${UUID}/..`, `../${UUID}`, `{${UUID}}`],
    ...[UUID.replaceAll('-', ''), UUID.slice(1), null, 5, [UUID], { $ne: null }],
  ])('rejects %j', (text) => {
    const invalid = expect.objectContaining({ code: 'INVALID_INPUT' }) as unknown;
    expect(() => expectScenarioUuid(text)).toThrow(invalid);
    expect(() => streamWorkflowIdOf(text as string)).toThrow(invalid);
  });
});

describe('isDataFile', () => {
  it.each([
    ['weights.bin', true],
    ['model.onnx_data', true],
    ['data/model.onnx', true],
    ['Größe 1.bin', true],
    ['..a', true],
    ['x'.repeat(400), true],
    ['x'.repeat(401), false],
    ['', false],
    ['.', false],
    ['..', false],
    ['../a', false],
    ['a/../b', false],
    ['./a', false],
    ['a/', false],
    ['/a', false],
    ['a//b', false],
    [' a', false],
    ['a\\b', false],
    ['C:a', false],
    ['a\n', false],
    ['a\0', false],
    ['a\u007f', false],
    ['*/_ORT_MEM_ADDR_/*', false],
    ['model.onnx', false],
    ['Manifest.json', false],
    ['manifest.json/a', false],
  ])('of %j is %s', (text, expected) => {
    expect(isDataFile(text)).toBe(expected);
  });
});

describe('keys', () => {
  it.each([
    [keys.video('cars'), 'input/cars.mp4'],
    [keys.frame('e1', 35), 'frames/e1/35.jpg'],
    [keys.pack('e1', 2), 'frames/e1/2.pack'],
    [keys.frameTable('e1'), 'tables/e1/pts.bin'],
    [keys.plan('e1'), 'tables/e1/plan.json'],
    [keys.part('e1', 0), 'parts/e1/0.jsonl'],
    [keys.tracks('e1', 2), 'tracks/e1/2.json'],
    [keys.result('e1'), 'results/e1.json'],
    [keys.upload('u1'), 'uploads/u1'],
    [keys.uploadMark('u1'), 'uploads/u1.begun'],
    [keys.uploadInfo('u1'), 'uploads/u1.json'],
    [keys.model('yolox_nano', 3), 'yolox_nano/3/model.onnx'],
    [keys.modelData('best', 2, 'data/a.bin'), 'best/2/data/a.bin'],
    [keys.modelFolder('best', 2), 'best/2/'],
    [keys.manifest('yolox_nano', 3), 'yolox_nano/3/manifest.json'],
    [predictionId('e1', 35), 'e1/35'],
    [workflowIdOf('e1'), 'video-detection/e1'],
  ])('are the contract: %s', (key, expected) => {
    expect(key).toBe(expected);
  });

  it('rejects a data file outside of its model folder', () => {
    expect(() => keys.modelData('best', 1, '../2/model.onnx')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
