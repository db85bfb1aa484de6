import { describe, expect, it } from 'vitest';
import { fairnessKeyOf } from './workflow-ids.js';

describe('fairnessKeyOf', () => {
  it.each([
    ['e1', 'e1'],
    ['x'.repeat(64), 'x'.repeat(64)],
    [`${'x'.repeat(60)}-1-${'y'.repeat(60)}`, `x-1-${'y'.repeat(60)}`],
  ])('of %j is %j, which Temporal accepts', (eventId, key) => {
    expect(fairnessKeyOf(eventId)).toBe(key);
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(64);
  });
});
