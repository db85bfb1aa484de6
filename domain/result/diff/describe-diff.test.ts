import { expect, it } from 'vitest';
import type { StoredObject } from '../detection.js';
import { describeDiff } from './describe-diff.js';

const object = (name: string): StoredObject => ({ class: name, box: [0, 0, 1, 1], conf: 0.5 });
const frame = { type: 'frame', frame: 5, timestamp_ms: 200 } as const;
const nothing = { same: [], changed: [], vanished: [], appeared: [] };

it('lists what differs, equal changes with their number', () => {
  const changed = { a: object('car'), b: object('truck'), overlap: 1 };
  const vanished = [object('person'), object('dog'), object('person')];
  const appeared = [object('cat')];
  expect(
    describeDiff({ ...frame, ...nothing, changed: [changed, changed], vanished, appeared }),
  ).toBe('2 car → truck; vanished: 2 person, dog; appeared: cat');
});

it('is empty for a frame with the same objects', () => {
  const same = [{ a: object('car'), b: object('car'), overlap: 1, conf_change: 0.2 }];
  expect(describeDiff({ ...frame, ...nothing, same })).toBe('');
});

it('returns why a frame is not compared', () => {
  const skip = { ...frame, type: 'skipped' } as const;
  expect(describeDiff({ ...skip, reason_a: 'damaged', reason_b: null })).toBe(
    'not compared; A: damaged',
  );
  expect(describeDiff({ ...skip, reason_a: 'damaged', reason_b: 'model failed' })).toBe(
    'not compared; A: damaged; B: model failed',
  );
});
