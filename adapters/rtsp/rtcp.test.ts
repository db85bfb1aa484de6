import { describe, expect, it } from 'vitest';
import { senderReport } from '../../test/support/rtp-packets.js';
import { cameraTime, parseSenderReport } from './rtcp.js';

const UTC_MS = Date.UTC(2026, 0, 11, 12, 30, 5, 250);
const REPORT = senderReport(UTC_MS, 1000);
/** An empty receiver report. */
const RECEIVER = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 1]);

describe('parseSenderReport', () => {
  it('reads clock and timestamp', () => {
    expect(parseSenderReport(REPORT)).toEqual({ utcMs: UTC_MS, timestamp: 1000 });
  });

  it('finds the report behind other packets', () => {
    expect(parseSenderReport(Buffer.concat([RECEIVER, REPORT]))?.timestamp).toBe(1000);
  });

  it.each([
    ['no byte', Buffer.alloc(0)],
    ['four bytes', REPORT.subarray(0, 4)],
    ['a truncated report', REPORT.subarray(0, 27)],
    ['only a receiver report', RECEIVER],
    ['a report that is shorter than its fields', Buffer.from([0x80, 200, 0, 0])],
    ['version 0', Buffer.alloc(28)],
    ['a clock of zeros', senderReport(-2_208_988_800_000, 1000)],
    ['a clock of 1970', senderReport(0, 1000)],
  ])('finds none in %s', (_, bytes) => {
    expect(parseSenderReport(bytes)).toBeUndefined();
  });
});

describe('cameraTime', () => {
  it.each([
    ['after the report', 1000, 91_000, 1000],
    ['before the report', 91_000, 1000, -1000],
    ['after the timestamps wrapped around', 2 ** 32 - 45_000, 45_000, 1000],
    ['before they wrapped around', 45_000, 2 ** 32 - 45_000, -1000],
  ])('is exact %s', (_, timestamp, at, offsetMs) => {
    expect(cameraTime({ utcMs: UTC_MS, timestamp }, at, 90_000)).toBe(UTC_MS + offsetMs);
  });
});
