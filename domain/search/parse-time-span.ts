import { AppError } from '../errors.js';

/** Span of time; without an end it is open there. */
export interface SearchSpan {
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
}

/** A span, and the text without the words for it. */
interface ParsedSpan {
  readonly span: SearchSpan;
  readonly rest: string;
}

type ToSpan = (found: RegExpExecArray, now: Date) => SearchSpan;

const DAY = String.raw`(\d{4}-\d{2}-\d{2})`;
const HOUR_MS = 3_600_000;
/** Milliseconds of units that have the same length always. */
const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: HOUR_MS };

/** Each form with what it means; the first that matches is used. */
const FORMS: readonly (readonly [source: string, toSpan: ToSpan])[] = [
  [
    `(?:from|between) ${DAY} (?:to|and|until) ${DAY}`,
    ([, from, to]) => ({ from: parseDay(from!), to: addDays(parseDay(to!), 1) }),
  ],
  [`(?:since|from|after) ${DAY}`, ([, day]) => ({ from: parseDay(day!) })],
  [`(?:before|until) ${DAY}`, ([, day]) => ({ to: parseDay(day!) })],
  [`(?:on )?${DAY}`, ([, day]) => ({ from: parseDay(day!), to: addDays(parseDay(day!), 1) })],
  ['today', (_, now) => ({ from: startOfDay(now) })],
  ['yesterday', (_, now) => ({ from: addDays(startOfDay(now), -1), to: startOfDay(now) })],
  ['this week', (_, now) => ({ from: startOfWeek(now) })],
  ['last week', (_, now) => ({ from: addDays(startOfWeek(now), -7), to: startOfWeek(now) })],
  ['this month', (_, now) => ({ from: startOfMonth(now, 0) })],
  ['last month', (_, now) => ({ from: startOfMonth(now, -1), to: startOfMonth(now, 0) })],
  [
    String.raw`(?:in the )?(?:last|past) (?:(\d{1,4}) )?(minute|hour|day|week|month)s?`,
    ([, count = '1', unit], now) => ({ from: before(now, Number(count), unit!.toLowerCase()) }),
  ],
];

/**
 * Takes the words for a span of time out of a text; the span is empty if there are none.
 * @throws AppError `INVALID_INPUT` for a day that does not exist, or for two spans.
 */
export function parseTimeSpan(text: string, now: Date): ParsedSpan {
  const taken = takeForm(text, now);
  if (!taken) return { span: {}, rest: text };
  if (!takeForm(taken.rest, now)) return taken;
  throw new AppError(
    'INVALID_INPUT',
    'The search has two times. Give one, such as "from 2026-05-01 to 2026-05-07".',
  );
}

function takeForm(text: string, now: Date): ParsedSpan | undefined {
  for (const [source, toSpan] of FORMS) {
    const pattern = new RegExp(`(?:^|\\s)${source.replaceAll(' ', String.raw`\s+`)}(?=\\s|$)`, 'i');
    const found = pattern.exec(text);
    if (!found) continue;
    const rest = `${text.slice(0, found.index)} ${text.slice(found.index + found[0].length)}`;
    return { span: toSpan(found, now), rest: rest.trim() };
  }
  return undefined;
}

function parseDay(text: string): Date {
  const [year, month, day] = text.split('-').map(Number);
  const date = new Date(year!, month! - 1, day);
  if (date.getMonth() === month! - 1 && date.getDate() === day) return date;
  throw new AppError(
    'INVALID_INPUT',
    `The day ${text} does not exist. Write days as year-month-day.`,
  );
}

function startOfDay(time: Date): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate());
}

function addDays(time: Date, days: number): Date {
  return new Date(time.getFullYear(), time.getMonth(), time.getDate() + days);
}

/** Monday, as in ISO 8601. */
function startOfWeek(time: Date): Date {
  return addDays(time, -((time.getDay() + 6) % 7));
}

function startOfMonth(time: Date, months: number): Date {
  return new Date(time.getFullYear(), time.getMonth() + months, 1);
}

/** The same time of day some days before; a number of hours or minutes is exact. */
function before(now: Date, count: number, unit: string): Date {
  const unitMs = UNIT_MS[unit];
  if (unitMs !== undefined) return new Date(now.getTime() - count * unitMs);
  const time = new Date(now);
  if (unit === 'month') time.setMonth(time.getMonth() - count);
  else time.setDate(time.getDate() - count * (unit === 'week' ? 7 : 1));
  return time;
}
