import { describe, expect, it } from 'vitest';
import { toStored } from '../result/detection.js';
import { toStreamDetection, toStreamRow } from './row.js';

const DETAILS = {
  lag_ms: 85,
  camera_time: null,
  damaged: false,
  still: false,
  model: { name: 'yolox_nano', version: 1, sha256: 'a'.repeat(64) },
};
const ROW = {
  scenario_uuid: '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c',
  frame_number: 7,
  detections: [{ class: 'car', confidence: 0.5, bbox: [1, 2, 3, 4] as const }],
  timestamp: '2026-01-11T12:30:05.123Z',
};

describe('toStreamRow', () => {
  it('sends the fields of the contract and no others, in their order', () => {
    const stored = { details: DETAILS, added_later: 1, ...ROW };
    expect(JSON.stringify(toStreamRow(stored))).toBe(JSON.stringify(ROW));
  });

  it('adds the details on request', () => {
    expect(toStreamRow({ ...ROW, details: DETAILS }, true)).toEqual({ ...ROW, details: DETAILS });
    expect(toStreamRow(ROW, true)).toEqual(ROW);
  });
});

describe('toStreamDetection', () => {
  it('names the fields of a stored object as the contract does', () => {
    const detection = { classId: 1, confidence: 0.876543, bbox: [-5, 2.9, 700, 40.9] as const };
    const stored = toStored(detection, { width: 640, height: 360 }, ['person', 'car']);
    expect(toStreamDetection(stored)).toEqual({
      class: 'car',
      confidence: 0.87654,
      bbox: [0, 2, 640, 40],
    });
  });
});
