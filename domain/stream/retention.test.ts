import { describe, expect, it } from 'vitest';
import { eventKey } from './event-keys.js';
import { epochOf, logKeys } from './log/log-keys.js';
import { excessBytes, selectExpired, selectOverflow } from './retention.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const NOW = Date.parse('2026-01-31T10:00:00.000Z');
const EPOCH = epochOf(1, 1);

const day = (of: string, part = 0) => logKeys.dayPart(UUID, { day: of, part, first: 1 });
const segment = (of: string) =>
  logKeys.segment(UUID, { day: of, first: 1, epoch: EPOCH, index: 0 });
const clip = (of: string) => eventKey(UUID, `${of.replaceAll('-', '')}T120000000Z-0`, 'mp4');
const listed = (...keys: string[]) => keys.map((key) => ({ key, size: 100 }));

describe('selectExpired', () => {
  it('selects rows and clips by their own days, the first part of a day first', () => {
    const objects = listed(
      ...[day('2025-12-31', 0), day('2025-12-31', 1), day('2026-01-01'), segment('2025-12-30')],
      ...[segment('2026-01-31'), clip('2026-01-23'), clip('2026-01-24')],
    );
    expect(selectExpired(objects, { rows: 30, clips: 7 }, NOW)).toEqual([
      ...[day('2025-12-31', 0), day('2025-12-31', 1), segment('2025-12-30'), clip('2026-01-23')],
    ]);
  });

  it('never selects what it does not know', () => {
    const chunk = logKeys.chunk(UUID, { epoch: EPOCH, segment: 0, chunk: 0 });
    const others = listed(logKeys.base(UUID, EPOCH), chunk, `${UUID}/notes/2020-01-01.txt`);
    expect(selectExpired(others, { rows: 1, clips: 1 }, NOW)).toEqual([]);
    expect(selectOverflow(others, 1e9, NOW)).toEqual([]);
  });
});

describe('selectOverflow', () => {
  const objects = listed(
    ...[day('2026-01-28', 0), day('2026-01-28', 1), day('2026-01-29'), segment('2026-01-30')],
    ...[clip('2026-01-30'), clip('2026-01-29'), clip('2026-01-31')],
  );
  const oldest = [
    ...[clip('2026-01-29'), clip('2026-01-30')],
    ...[day('2026-01-28', 0), day('2026-01-28', 1), day('2026-01-29')],
  ];

  it.each([
    [0, 0],
    [1, 1],
    [100, 1],
    [101, 2],
    [201, 4],
    [1e9, 5],
  ])('frees %d bytes with %d objects, clips first and days as a whole', (bytes, count) => {
    expect(selectOverflow(objects, bytes, NOW)).toEqual(oldest.slice(0, count));
  });
});

describe('excessBytes', () => {
  it.each([
    [{ usedBytes: 100 }, 0],
    [{ usedBytes: 100, keepBytes: 100 }, 0],
    [{ usedBytes: 101, keepBytes: 100 }, 1],
    [{ usedBytes: 5, disk: { freeBytes: 10, sizeBytes: 100 } }, 0],
    [{ usedBytes: 5, disk: { freeBytes: 7, sizeBytes: 100 } }, 3],
    [{ usedBytes: 9, keepBytes: 2, disk: { freeBytes: 7, sizeBytes: 100 } }, 7],
  ])('of %j is %d', (room, expected) => expect(excessBytes(room)).toBe(expected));
});
