import { describe, expect, it } from 'vitest';
import { tooManyFailed } from './failed-frames.js';

const example = { frame: 15, reason: 'inference failed, twice: NaN' };

describe('the frames that a job may lose', () => {
  it.each([
    ['a tenth where nobody says otherwise', 10, {}, 100],
    ['none of a few', 0, {}, 9],
    ['none', 0, { max_failed: 0 }, 100],
    ['all', 7, { max_failed: 1 }, 7],
    ['a share, rounded down', 3, { max_failed: 0.35 }, 10],
  ])('are %s', (_, most, share, sampled_frames) => {
    const allowance = { ...share, sampled_frames };
    expect(tooManyFailed(most, allowance, example)).toBeUndefined();
    expect(tooManyFailed(most + 1, allowance, example)).toContain(
      `failed on ${most + 1} of ${sampled_frames} sampled frames (frame 15: inference failed`,
    );
  });
});
