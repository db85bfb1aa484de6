const MINUTE_S = 60;
const HOUR_S = 3600;
/** Maximum number of names that are listed. */
const MAX_NAMES = 3;

/**
 * Formats seconds as a clock with tenths.
 * @example clock(3725.25) // '1:02:05.2'
 */
export function formatClock(seconds: number): string {
  const tenths = Math.floor(Math.max(0, seconds) * 10);
  const whole = Math.floor(tenths / 10);
  const hours = Math.floor(whole / HOUR_S);
  const minutes = Math.floor((whole % HOUR_S) / MINUTE_S);
  const rest = `${String(whole % MINUTE_S).padStart(2, '0')}.${tenths % 10}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/**
 * Formats a duration with units, rounded to what is useful at its length.
 * @example duration(75) // '1 min 15 s'
 */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE_S) return `${whole} s`;
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)} min ${whole % MINUTE_S} s`;
  return `${Math.floor(whole / HOUR_S)} h ${Math.floor((whole % HOUR_S) / MINUTE_S)} min`;
}

/** Formats the time since something in the unit that fits it. @example formatAgo(150) // '2 min ago' */
export function formatAgo(seconds: number): string {
  const units = [
    [24 * HOUR_S, 'd'],
    [HOUR_S, 'h'],
    [MINUTE_S, 'min'],
  ] as const;
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [];
  return size === undefined ? 'just now' : `${Math.floor(seconds / size)} ${unit} ago`;
}

/** Formats a count with the thousands separators of the browser's locale. */
export function formatCount(value: number): string {
  return value.toLocaleString();
}

/** @example plural(1, 'frame') // '1 frame' */
export function pluralize(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** Formats a share from 0 to 1 as a percentage. @example percent(0.256) // '26 %' */
export function formatPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Formats a size in bytes with decimal units. @example bytes(1_500_000) // '1.5 MB' */
export function formatBytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, size < 1 ? 0 : Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[power]}`;
}

/** Formats an ISO 8601 time in the browser's locale and time zone. */
export function formatDate(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Formats the time of day of an ISO 8601 time in the browser's locale and time zone. */
export function formatTime(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { timeStyle: 'medium' });
}

/** @example describeNames(['a', 'b', 'c', 'd']) // 'a, b, c and 1 more' */
export function describeNames(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  return names.length > MAX_NAMES ? `${shown} and ${names.length - MAX_NAMES} more` : shown;
}

/** Joins the facts that are known. @example joinFacts(['a', undefined, 'b']) // 'a · b' */
export function joinFacts(facts: readonly (string | null | undefined | false)[]): string {
  return facts.filter(Boolean).join(' · ');
}
