import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Parses a duration. @example toSeconds('15m') // 900 */
export function toSeconds(text: string): number {
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError('Expected a duration such as 90s, 15m, 1h or 2d.');
}

/**
 * Parses a time: that long ago, or a date in ISO 8601.
 * @example toTime('2d', now) // two days before now; toTime('2026-11-25') // midnight UTC
 */
export function toTime(text: string, now = new Date()): Date {
  const seconds = secondsOf(text);
  const date = /^\d{4}-\d\d-\d\d/.test(text.trim()) ? Date.parse(text.trim()) : NaN;
  const time = new Date(seconds === undefined ? date : now.getTime() - 1000 * seconds);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError(
    'Expected a duration such as 90s, 15m, 1h or 2d, or a date such as 2026-11-25 or 2026-11-25T14:30Z.',
  );
}

function secondsOf(text: string): number | undefined {
  const [, value, unit = 's'] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text.trim()) ?? [];
  const factor = UNITS[unit];
  return value === undefined || factor === undefined ? undefined : Number(value) * factor;
}
