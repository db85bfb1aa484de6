import { describe, expect, it } from 'vitest';
import { createSuspensionWatch } from './suspension-watch.js';

describe('a suspension watch', () => {
  it.each([
    [1000, undefined],
    [6000, undefined],
    [6001, { fromMs: 2000, toMs: 8001 }],
    [60_000, { fromMs: 2000, toMs: 62_000 }],
  ])('reports a tick %d ms after the last one as %j', (ms, suspension) => {
    const watch = createSuspensionWatch(1000);
    expect(watch.tick(2000)).toBeUndefined();
    expect(watch.tick(2000 + ms)).toEqual(suspension);
    expect(watch.tick(3000 + ms)).toBeUndefined();
  });
});
