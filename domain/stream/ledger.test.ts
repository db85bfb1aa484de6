import { describe, expect, it } from 'vitest';
import { causeOf } from './gap.js';
import { createLedger } from './ledger.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const START = Date.parse('2026-01-11T12:30:00.200Z');
const OVERLOAD = causeOf('overload');

const ledgerAt = (accountedTo = START) => createLedger(UUID, { next: 1, accountedTo });
const frameAt = (arrival: number) => ({ arrival, detections: [] });
const rowOf = (frame_number: number, timestamp: string) => ({
  ...{ scenario_uuid: UUID, frame_number, detections: [] },
  timestamp,
});

describe('a ledger', () => {
  it('numbers one frame per slot and ignores the others', () => {
    const ledger = ledgerAt();
    const arrivals = [200, 400, 499, 500, 980, 1010].map((ms) => START - 200 + ms);
    const entries = arrivals.flatMap((ms) => ledger.addFrame(frameAt(ms), 2, OVERLOAD));
    expect(entries).toEqual([
      rowOf(1, '2026-01-11T12:30:00.200Z'),
      rowOf(2, '2026-01-11T12:30:00.500Z'),
      rowOf(3, '2026-01-11T12:30:01.010Z'),
    ]);
    expect(ledger.end).toEqual({ next: 4, accountedTo: START + 1300 });
  });

  it('puts slots without a frame into a gap that ends at the slot of the next frame', () => {
    const ledger = ledgerAt();
    const [gap, row] = ledger.addFrame(frameAt(START + 2000), 2, OVERLOAD);
    const [from, to] = ['2026-01-11T12:30:00.200Z', '2026-01-11T12:30:02.000Z'];
    expect(gap).toEqual({ scenario_uuid: UUID, gap: { from, to, ...OVERLOAD } });
    expect(row).toEqual(rowOf(1, '2026-01-11T12:30:02.200Z'));
  });

  it('accounts for time without a frame on request, once', () => {
    const ledger = ledgerAt();
    expect(ledger.addGap(START + 60_000, OVERLOAD)).toHaveLength(1);
    expect(ledger.addGap(START + 60_000, OVERLOAD)).toEqual([]);
    expect(ledger.addGap(START, OVERLOAD)).toEqual([]);
    expect(ledger.end).toEqual({ next: 1, accountedTo: START + 60_000 });
  });

  it('ignores a frame from before the end of a gap, so that timestamps never fall', () => {
    const ledger = ledgerAt();
    ledger.addGap(START + 100, OVERLOAD);
    expect(ledger.addFrame(frameAt(START + 99), 2, OVERLOAD)).toEqual([]);
    expect(ledger.addFrame(frameAt(START + 100), 2, OVERLOAD)).toHaveLength(1);
    expect(ledger.end.accountedTo).toBe(START + 300);
  });

  it('accounts for the rest of a slot after a change of the rate', () => {
    const ledger = ledgerAt();
    ledger.addFrame(frameAt(START), 2, OVERLOAD);
    const entries = ledger.addFrame(frameAt(START + 400), 1, OVERLOAD);
    expect(entries).toEqual([rowOf(2, '2026-01-11T12:30:00.600Z')]);
    expect(ledger.end.accountedTo).toBe(START + 800);
  });

  it('keeps the details of a frame', () => {
    const model = { name: 'm', version: 1, sha256: 'a' };
    const details = { lag_ms: 1, camera_time: null, damaged: true, still: false, model };
    const [row] = ledgerAt().addFrame({ ...frameAt(START), details }, 2, OVERLOAD);
    expect(row).toHaveProperty('details', details);
  });
});
