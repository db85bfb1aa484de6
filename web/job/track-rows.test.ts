import { expect, it } from 'vitest';
import type { FoundObject } from './found-objects.js';
import { placeBars } from './track-rows.js';

const object = (fromMs: number, toMs: number): FoundObject => ({
  ...{ id: `${fromMs}`, trackId: 1, className: 'car', fromMs, toMs, maxConf: 1 },
  best: { frame: 0, timestamp_ms: 0, box: [0, 0, 1, 1] },
});

it('uses another row only where objects overlap', () => {
  const spans = [object(0, 10), object(5, 20), object(10, 12), object(11, 30), object(25, 40)];
  expect(placeBars(spans).map(({ row }) => row)).toEqual([0, 1, 2, 0, 1]);
});
