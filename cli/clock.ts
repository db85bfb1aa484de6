import { InvalidArgumentError } from 'commander';

const CLOCK = /^(?:(?:(\d+):)?([0-5]?\d):)?(\d+(?:\.\d+)?)$/;
const SECONDS_MAX = 60;

/**
 * Parses a time in a video, as seconds or as a clock, to milliseconds.
 * @example toClockMs('1:02:03.5') // 3723500; toClockMs('12.5') // 12500
 */
export function toClockMs(text: string): number {
  const [, hours = '0', minutes, seconds] = CLOCK.exec(text.trim()) ?? [];
  const isTooLong = minutes !== undefined && Number(seconds) >= SECONDS_MAX;
  if (seconds === undefined || isTooLong) {
    throw new InvalidArgumentError('Expected seconds or a clock, such as 12.5, 0:12 or 1:02:03.5.');
  }
  const total = Number(hours) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds);
  return Math.round(total * 1e6) / 1e3;
}
