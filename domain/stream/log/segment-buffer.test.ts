import { describe, expect, it } from 'vitest';
import { causeOf } from '../gap.js';
import { createLedger } from '../ledger.js';
import { createSegmentBuffer } from './segment-buffer.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const FROM = Date.parse('2026-01-11T12:30:00.000Z');
const START = { next: 5, accountedTo: FROM };

function bufferWithLedger(index = 0) {
  const buffer = createSegmentBuffer(START, index);
  const ledger = createLedger(UUID, START);
  const append = (fps: number, add: () => ReturnType<typeof ledger.addGap>) => {
    const from = ledger.end.accountedTo;
    const entries = add();
    buffer.append({ fps, from, to: ledger.end.accountedTo, entries });
  };
  return {
    buffer,
    addFrame: (ms: number, fps = 2, name = 'car') => {
      const detections = [{ class: name, confidence: 1, bbox: [0, 0, 1, 1] as const }];
      const frame = { arrival: FROM + ms, detections };
      append(fps, () => ledger.addFrame(frame, fps, causeOf('overload')));
    },
    addGap: (ms: number) => append(2, () => ledger.addGap(FROM + ms, causeOf('paused'))),
  };
}

describe('a buffer of segments', () => {
  it('completes a segment after a minute', () => {
    const { buffer, addFrame } = bufferWithLedger(3);
    for (let ms = 0; ms < 61_000; ms += 500) addFrame(ms);
    const [segment, ...others] = buffer.complete;
    expect(others).toEqual([]);
    expect(segment).toMatchObject({ index: 3, first: 5, rows: 120, from: FROM, to: FROM + 60_000 });
    expect(buffer.growing).toMatchObject({ index: 4, first: 125, rows: 2, from: FROM + 60_000 });
    expect(buffer.end).toEqual({ next: 127, accountedTo: FROM + 61_000 });
  });

  it('completes a segment without rows after ten minutes', () => {
    const { buffer, addGap } = bufferWithLedger();
    for (let ms = 30_000; ms < 600_000; ms += 30_000) addGap(ms);
    expect(buffer.complete).toEqual([]);
    addGap(600_000);
    expect(buffer.complete).toMatchObject([{ first: 5, rows: 0, to: FROM + 600_000 }]);
    expect(buffer.growing).toBeUndefined();
  });

  it('completes a segment that is large', () => {
    const { buffer, addFrame } = bufferWithLedger();
    addFrame(0, 2, 'x'.repeat(262_144));
    addFrame(500);
    expect(buffer.complete).toHaveLength(1);
    expect(buffer.growing?.first).toBe(6);
  });

  it('begins another segment at another rate', () => {
    const { buffer, addFrame } = bufferWithLedger();
    addFrame(0, 2);
    addFrame(1000, 4);
    expect(buffer.complete).toMatchObject([{ fps: 2, rows: 1, to: FROM + 500 }]);
    expect(buffer.growing).toMatchObject({ fps: 4, from: FROM + 500, to: FROM + 1250 });
  });

  it('completes the growing segment on request, and ignores a stretch without entries', () => {
    const { buffer, addFrame } = bufferWithLedger();
    buffer.cut();
    buffer.append({ fps: 2, from: FROM, to: FROM, entries: [] });
    expect([buffer.complete, buffer.growing, buffer.end]).toEqual([[], undefined, START]);
    addFrame(0);
    buffer.cut();
    expect(buffer.complete).toHaveLength(1);
    expect(buffer.growing).toBeUndefined();
  });
});
