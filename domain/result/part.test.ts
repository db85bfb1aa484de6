import { describe, expect, it } from 'vitest';
import { encodePart, type Part, partCounts, readPart } from './part.js';

const object = { class: 'car', box: [1, 2, 3, 4], conf: 0.5 } as const;
const FULL: Part = {
  device: 'gpu',
  rows: [
    { frame: 0, timestamp_ms: 0, objects: [object, object] },
    { frame: 5, timestamp_ms: 200.333, objects: [] },
    { frame: 7, timestamp_ms: 280, same_as: 5, objects: [] },
  ],
  skipped: [
    { frame: 10, reason: 'not decodable: "line\nbreak"' },
    { frame: 15, reason: 'inference failed, twice: NaN' },
  ],
  failed: [15],
};
const EMPTY: Part = { device: 'cpu', rows: [], skipped: [], failed: [] };

describe('a part', () => {
  it.each([
    ['a full one', FULL],
    ['one without frames', EMPTY],
    ['one of skipped frames', { ...EMPTY, skipped: FULL.skipped }],
  ])('is read as it was written: %s', (_, part) => {
    expect(readPart(Buffer.from(encodePart(part)))).toEqual(part);
  });

  it('is one line for its device and one for each frame', () => {
    const lines = encodePart(FULL).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe('{"device":"gpu","failed":[15]}');
    expect(lines[6]).toBe('');
  });

  it('counts its frames, skipped frames and objects', () => {
    expect(partCounts(FULL)).toEqual({
      ...{ frames: 3, skipped: 2, failed: 1, objects: 2, device: 'gpu' },
      failure: FULL.skipped[1],
    });
    const none = { frames: 0, skipped: 0, failed: 0, objects: 0 };
    expect(partCounts(EMPTY)).toEqual({ ...none, device: 'cpu' });
  });
});
