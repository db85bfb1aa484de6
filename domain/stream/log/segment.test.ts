import { describe, expect, it } from 'vitest';
import { causeOf } from '../gap.js';
import { createLedger } from '../ledger.js';
import { encodeSegment, endOf, readSegments } from './segment.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const EPOCH = '000000001-0000000001';
const FROM = Date.parse('2026-01-11T12:30:00.000Z');

function exampleStretch(first = 5, from = FROM) {
  const ledger = createLedger(UUID, { next: first, accountedTo: from });
  const detections = [{ class: 'bücherregal', confidence: 0.5, bbox: [1, 2, 3, 4] as const }];
  const entries = [
    ...ledger.addFrame({ arrival: from + 20, detections }, 2, causeOf('overload')),
    ...ledger.addFrame({ arrival: from + 2020, detections: [] }, 2, causeOf('overload')),
    ...ledger.addGap(from + 3000, causeOf('camera_closed')),
  ];
  return { first, fps: 2, from, to: from + 3000, entries };
}

describe('a segment', () => {
  it('starts with a header that accounts for its time', () => {
    const [header, ...lines] = encodeSegment(EPOCH, exampleStretch()).trimEnd().split('\n');
    expect(JSON.parse(header!)).toEqual({
      epoch: EPOCH,
      from: '2026-01-11T12:30:00.000Z',
      to: '2026-01-11T12:30:03.000Z',
      first: 5,
      rows: 2,
      fps: 2,
      seen_s: 1,
      gaps: { overload: 1.5, camera_closed: 0.5 },
    });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(exampleStretch().entries);
  });

  it('is read as it was written, also several in one object', () => {
    const stretches = [exampleStretch(), exampleStretch(7, FROM + 3000)];
    const text = stretches.map((stretch) => encodeSegment(EPOCH, stretch)).join('');
    expect([...readSegments(Buffer.from(text))]).toEqual(stretches);
  });

  it('can have no rows, or no entries at all', () => {
    const empty = { first: 9, fps: 25, from: FROM, to: FROM, entries: [] };
    expect([...readSegments(Buffer.from(encodeSegment(EPOCH, empty)))]).toEqual([empty]);
    expect(endOf(empty)).toEqual({ next: 9, accountedTo: FROM });
  });

  it('ends after its last entry', () => {
    expect(endOf(exampleStretch())).toEqual({ next: 7, accountedTo: FROM + 3000 });
  });
});
