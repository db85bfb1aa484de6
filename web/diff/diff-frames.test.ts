import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../api/types.js';
import { createDiffFrames } from './diff-frames.js';

const object = (name: string, conf: number): StoredObject => ({
  ...{ class: name, conf },
  box: [0, 0, 10, 10],
});
const pair = { a: object('car', 0.4), b: object('car', 0.6), overlap: 1, conf_change: 0.2 };
const nothing = { same: [], changed: [], vanished: [], appeared: [] };

function createFrames() {
  const frames = createDiffFrames({ a: 0.25, b: 0.25 });
  frames.add({ type: 'frame', frame: 0, timestamp_ms: 0, ...nothing, same: [pair] });
  frames.add({
    type: 'skipped',
    ...{ frame: 5, timestamp_ms: 210 },
    ...{ reason_a: null, reason_b: 'damaged' },
  });
  return frames;
}

describe('createDiffFrames', () => {
  it('compares frames again when a threshold changes, in both directions', () => {
    const frames = createFrames();
    expect(frames.counts()).toMatchObject({ same: 1, appeared: 0, frames_skipped: 1 });
    frames.setThresholds({ a: 0.5, b: 0.25 });
    expect(frames.rowAt(0)).toMatchObject({ same: [], vanished: [], appeared: [pair.b] });
    expect(frames.counts()).toMatchObject({ same: 0, appeared: 1, frames_different: 1 });
    frames.setThresholds({ a: 0.25, b: 0.7 });
    expect(frames.rowAt(0)).toMatchObject({ vanished: [pair.a], appeared: [] });
    frames.setThresholds({ a: 0.25, b: 0.25 });
    expect(frames.counts()).toMatchObject({ same: 1, frames_different: 0, conf_change: 0.2 });
  });

  it('applies a threshold to frames that arrive later', () => {
    const frames = createFrames();
    frames.setThresholds({ a: 0.5, b: 0.5 });
    frames.add({ type: 'frame', frame: 10, timestamp_ms: 400, ...nothing, same: [pair] });
    expect(frames.rowAt(10)).toMatchObject({ same: [], appeared: [pair.b] });
  });

  it('indexes frames by time, skipped ones with the side that skipped them', () => {
    const { index } = createFrames();
    expect(index.at(100)?.frame).toBe(0);
    expect(index.at(220)).toMatchObject({ frame: 5, timestampMs: 210, reason: 'B: damaged' });
  });
});
