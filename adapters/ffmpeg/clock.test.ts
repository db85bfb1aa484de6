import { describe, expect, it } from 'vitest';
import { clockPeriod, watchClock } from './clock.js';

const SECOND = 90_000;
const HOUR = 3600 * SECOND;
const PERIOD = 2 ** 33;
const time_base = { num: 1, den: SECOND };

describe('clockPeriod', () => {
  it.each([
    ['mpegts', 2 ** 33],
    ['mpeg', 2 ** 33],
    ['flv', 2 ** 32],
    ['asf', 2 ** 32],
    ['mpegvideo', undefined],
    ['mov,mp4,m4a,3gp,3g2,mj2', undefined],
    ['matroska,webm', undefined],
    ['avi', undefined],
  ])('of %s is %s', (container, period) => {
    expect(clockPeriod(container)).toBe(period);
  });
});

describe('watchClock', () => {
  it.each<[what: string, dts: (number | undefined)[], isSetBack: boolean]>([
    ['continues', [0, 3000, 6000], false],
    ['pauses for twelve hours', [0, 12 * HOUR], false],
    ['overflows', [PERIOD - SECOND, PERIOD + SECOND], false],
    ['overflows in a pause', [PERIOD - 0.5 * HOUR, PERIOD + 0.4 * HOUR], false],
    ['overflows at 0, because it starts near the overflow', [-SECOND, SECOND], false],
    ['has packets without timestamps', [0, undefined, 3000, undefined], false],
    ['goes back', [500 * SECOND, 499 * SECOND], true],
    ['goes back between packets without timestamps', [SECOND, undefined, 0], true],
    ['goes from 512 s to 10 s', [512 * SECOND, PERIOD + 10 * SECOND], true],
    ['goes from 14 h to 0', [14 * HOUR, PERIOD], true],
    ['goes from 25 h to 0', [25 * HOUR, PERIOD], true],
    ['starts near its overflow and goes from there to 10 s', [-20 * HOUR, 10 * SECOND], true],
  ])('recognises whether a clock is set back that %s', (_, dts, isSetBack) => {
    const clock = watchClock({ container: 'mpegts', time_base });
    for (const each of dts) clock.add(each);
    expect(clock.isSetBack()).toBe(isSetBack);
  });

  it('ignores containers whose clock does not start over', () => {
    const clock = watchClock({ container: 'matroska,webm', time_base });
    for (const dts of [PERIOD, 0, 2 * PERIOD]) clock.add(dts);
    expect(clock.isSetBack()).toBe(false);
  });
});
