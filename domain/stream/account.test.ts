import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAccountant } from './account.js';
import type { LogEntry, Stretch } from './entry.js';
import { causeOf, type GapReason } from './gap.js';
import { createLedger } from './ledger.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const START = Date.parse('2026-01-11T12:30:00.000Z');

/** Half a minute at 2 fps: 10 s seen, 15 s silent, 5 s seen. */
function exampleEntries(): LogEntry[] {
  const ledger = createLedger(UUID, { next: 1, accountedTo: START });
  const seen = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => START + from + 500 * i + 7).flatMap((arrival) =>
      ledger.addFrame({ arrival, detections: [] }, 2, causeOf('overload')),
    );
  return [
    ...seen(0, 20),
    ...ledger.addGap(START + 25_000, causeOf('camera_silent')),
    ...seen(25_000, 10),
  ];
}

function accountFor(entries: readonly LogEntry[], within?: { from: number; to: number }) {
  const accountant = createAccountant(within);
  accountant.add({ fps: 2, from: START, to: START + 30_000, entries });
  return accountant.finish();
}

describe('an account', () => {
  it('adds up to the wall time', () => {
    expect(accountFor(exampleEntries())).toEqual({
      from: '2026-01-11T12:30:00.000Z',
      to: '2026-01-11T12:30:30.000Z',
      frames: 30,
      seen_s: 15,
      gaps: { camera_silent: 15 },
      problems: [],
    });
  });

  it('counts only the time within its span', () => {
    const within = { from: START + 9_750, to: START + 26_000 };
    expect(accountFor(exampleEntries(), within)).toEqual({
      from: '2026-01-11T12:30:09.750Z',
      to: '2026-01-11T12:30:26.000Z',
      frames: 3,
      seen_s: 1.25,
      gaps: { camera_silent: 15 },
      problems: [],
    });
  });

  it('is undefined without entries in its span', () => {
    expect(createAccountant().finish()).toBeUndefined();
    expect(accountFor(exampleEntries(), { from: 0, to: 1 })).toBeUndefined();
  });

  it.each<[what: string, change: (entries: LogEntry[]) => void, problem: RegExp]>([
    ['a missing row', (all) => all.splice(5, 1), /row 7 starts at .*03\.000Z, not .*02\.500Z/],
    ['a hole in the numbers', (all) => all.splice(5, 1), /expected row 6, found row 7/],
    ['a row twice', (all) => all.splice(5, 0, all[5]!), /row 6 accounts for no time/],
    ['a missing gap', (all) => all.splice(20, 1), /row 21 starts at .*25\.000Z, not .*10\.000Z/],
    ['a gap twice', (all) => all.splice(20, 0, all[20]!), /gap camera_silent starts at/],
    ['a missing end', (all) => all.pop(), /ends at .*30\.000Z, not .*29\.500Z/],
    ['entries out of order', (all) => all.reverse(), /expected row 31, found row 29/],
    [
      'an unknown reason',
      (all) => {
        const [from, to] = ['2026-01-11T12:30:10.000Z', '2026-01-11T12:30:25.000Z'];
        const gap = { from, to, reason: 'no_idea' as GapReason, message: '' };
        all[20] = { scenario_uuid: UUID, gap };
      },
      /"no_idea" is not a reason/,
    ],
    [
      'an invalid timestamp',
      (all) => {
        all[3] = { ...all[3]!, timestamp: 'yesterday' };
      },
      /row 4 starts at NaN/,
    ],
  ])('reports %s', (_, change, problem) => {
    const entries = exampleEntries();
    change(entries);
    expect(accountFor(entries)?.problems.join('\n')).toMatch(problem);
  });

  it('reports time between two stretches', () => {
    const accountant = createAccountant();
    accountant.add({ fps: 2, from: START, to: START, entries: [] });
    accountant.add({ fps: 2, from: START + 500, to: START + 500, entries: [] });
    expect(accountant.finish()?.problems[0]).toMatch(/starts at .*00\.500Z, not .*00\.000Z/);
  });
});

it('accounts for every millisecond of what a ledger makes, at changing rates', () => {
  const step = fc.record({
    ...{ wait: fc.integer({ min: -300, max: 4000 }), fps: fc.constantFrom(0.5, 1, 2, 3, 7, 25) },
    isFrame: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      const ledger = createLedger(UUID, { next: 1, accountedTo: START });
      const accountant = createAccountant();
      let now = START;
      for (const { wait, fps, isFrame } of steps) {
        now += wait;
        const from = ledger.end.accountedTo;
        const entries = isFrame
          ? ledger.addFrame({ arrival: now, detections: [] }, fps, causeOf('overload'))
          : ledger.addGap(now, causeOf('camera_closed'));
        accountant.add({ fps, from, to: ledger.end.accountedTo, entries } satisfies Stretch);
      }
      const account = accountant.finish()!;
      const gaps = Object.values(account.gaps).reduce((a, b) => a + b, 0);
      expect(account.problems).toEqual([]);
      expect(account.frames).toBe(ledger.end.next - 1);
      expect(account.seen_s + gaps).toBeCloseTo((ledger.end.accountedTo - START) / 1000, 6);
    }),
  );
});
