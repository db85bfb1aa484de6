import { outColors as colors } from './colors.js';
import { formatTime } from './format.js';

/** Names of pino's levels, for records that have their numbers. */
const LEVELS: Readonly<Record<string, string>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

const LEVEL_COLORS: Readonly<Record<string, (text: string) => string>> = {
  warn: colors.yellow,
  error: colors.red,
  fatal: colors.red,
};

/** Fields that are the same in every record of a process, or of one activity. */
const HIDDEN = new Set([
  ...['level', 'time', 'msg', 'pid', 'hostname', 'name', 'process'],
  ...['sdkComponent', 'namespace', 'taskQueue', 'taskToken', 'isLocal', 'activityId'],
  ...['workflowId', 'workflowRunId', 'workflowType', 'runId'],
]);

/**
 * Formats a JSON record of a log for reading; returns other lines as they are.
 * @example '2026-11-26 08:09:50 info   range detected  event=cars-1 range=0'
 */
export function formatLogLine(line: string): string {
  const record = parseRecord(line);
  if (!record) return line;
  const { time, level, msg } = record;
  const name = LEVELS[String(level)] ?? String(level);
  const color = LEVEL_COLORS[name] ?? ((text: string) => text);
  const start = `${colors.dim(formatTime(new Date(time).toISOString()))} ${color(name.padEnd(5))}`;
  const fields = formatFields(record, name === 'info');
  return `${start}  ${msg}${fields === '' ? '' : `  ${colors.dim(fields)}`}`;
}

interface LogRecord extends Readonly<Record<string, unknown>> {
  readonly time: string | number;
  readonly level: string | number;
  readonly msg: string;
}

function parseRecord(line: string): LogRecord | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record = JSON.parse(line) as Partial<LogRecord>;
    const isRecord =
      typeof record.msg === 'string' &&
      record.level !== undefined &&
      !Number.isNaN(new Date(record.time ?? NaN).getTime());
    return isRecord ? (record as LogRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** An activity is named in records of its failures; others describe what it did. */
function formatFields(record: LogRecord, isInfo: boolean): string {
  return Object.entries(record)
    .filter(([name]) => !HIDDEN.has(name) && !(isInfo && name === 'activityType'))
    .filter(([name, value]) => name !== 'attempt' || value !== 1)
    .map(([name, value]) => `${name}=${formatValue(value)}`)
    .join(' ');
}

/** An error is its message; its stack is in the log. */
function formatValue(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) {
    return JSON.stringify(value.message);
  }
  return typeof value === 'string' && !/[\s"=]/.test(value) ? value : JSON.stringify(value);
}
