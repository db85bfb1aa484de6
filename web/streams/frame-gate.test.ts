import { describe, expect, it } from 'vitest';
import { createFrameGate } from './frame-gate.js';

const GOP = 50;
const INTERVAL_MS = 40;

/** Sends frames at their times to a decoder that takes some ms for each; returns what was done. */
function play(groups: number, decodeMs: number) {
  const gate = createFrameGate();
  const actions = { decode: 0, skip: 0, restart: 0 };
  let waiting: number[] = [];
  let freeAt = 0;
  let lag = 0;
  for (let frame = 0; frame < groups * GOP && !gate.isTooSlow; frame++) {
    // The first group is there at once.
    const now = Math.max(0, (frame - GOP) * INTERVAL_MS);
    while (waiting.length > 0 && waiting[0]! <= now) {
      waiting.shift();
      gate.decoded();
    }
    const action = gate.next(frame % GOP === 0, now);
    actions[action]++;
    if (action === 'skip') continue;
    if (action === 'restart') [waiting, freeAt] = [[], now];
    freeAt = Math.max(freeAt, now) + decodeMs;
    waiting.push(freeAt);
    if (frame >= 2 * GOP) lag = Math.max(lag, freeAt - now);
  }
  return { actions, lag, isTooSlow: gate.isTooSlow };
}

describe('the frames that are decoded', () => {
  it('are all of them, if the decoder is fast enough', () => {
    const { actions, lag, isTooSlow } = play(10, 8);
    expect(actions).toEqual({ decode: 10 * GOP, skip: 0, restart: 0 });
    expect([lag, isTooSlow]).toEqual([8, false]);
  });

  it('are left out once, if the frames from before the view delay those after them', () => {
    const { actions, isTooSlow } = play(10, 30);
    expect(actions.skip).toBeLessThan(GOP);
    expect(isTooSlow).toBe(false);
  });

  it('are left out up to a keyframe if they wait for too long, and the lag is bounded', () => {
    const { actions, lag, isTooSlow } = play(20, 60);
    expect(actions.skip).toBeGreaterThan(0);
    expect(lag).toBeLessThan(1000);
    expect(isTooSlow).toBe(true);
  });

  it('are dropped while they wait, if the decoder is far too slow', () => {
    const { actions, isTooSlow } = play(20, 2000);
    expect(actions.restart).toBeGreaterThan(0);
    expect(isTooSlow).toBe(true);
  });
});
