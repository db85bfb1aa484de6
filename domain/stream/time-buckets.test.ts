import { describe, expect, it } from 'vitest';
import { createStretches, LOG_START } from '../../test/support/log-entries.js';
import { createTimeBuckets } from './time-buckets.js';

const MINUTE = 60_000;
const span = { from: LOG_START, to: LOG_START + 3 * MINUTE };

describe('createTimeBuckets', () => {
  it('divides seen time and gaps among the parts that they touch', () => {
    const buckets = createTimeBuckets(MINUTE);
    const stretches = createStretches({ next: 1, accountedTo: LOG_START });
    for (let row = 0; row < 30; row++) buckets.add(stretches.row());
    buckets.add(stretches.gap(45_000));
    expect(buckets.list(span, MINUTE)).toEqual([
      { from: '2026-01-11T12:30:00.000Z', seen_s: 30, gaps: { paused: 30 } },
      { from: '2026-01-11T12:31:00.000Z', seen_s: 0, gaps: { paused: 15 } },
    ]);
  });

  it('joins parts to longer steps, counted from the start of the span', () => {
    const buckets = createTimeBuckets(MINUTE);
    const stretches = createStretches({ next: 1, accountedTo: LOG_START });
    for (let row = 0; row < 180; row++) buckets.add(stretches.row());
    const seen = (from: number, steps: number) =>
      buckets.list({ from, to: span.to }, steps * MINUTE).map(({ seen_s }) => seen_s);
    expect(seen(LOG_START, 2)).toEqual([120, 60]);
    expect(seen(LOG_START + MINUTE, 2)).toEqual([120]);
  });

  it('lists nothing outside of the span', () => {
    const buckets = createTimeBuckets(MINUTE);
    buckets.add(createStretches({ next: 1, accountedTo: LOG_START }).row());
    expect(buckets.list({ from: LOG_START + MINUTE, to: span.to }, MINUTE)).toEqual([]);
    expect(buckets.list({ from: 0, to: LOG_START }, MINUTE)).toEqual([]);
  });
});
