import { describe, expect, it } from 'vitest';
import { formatTime } from './format.js';
import { formatLogLine } from './log-line.js';

const TIME = '2026-11-26T08:09:50.849Z';
const SHOWN = formatTime(TIME);
const record = (fields: object) =>
  formatLogLine(JSON.stringify({ level: 'info', time: TIME, msg: 'range detected', ...fields }));

describe('formatLogLine', () => {
  it('shows time, level, message and the fields of what happened', () => {
    const fields = {
      pid: 1,
      taskToken: 'Ci',
      activityType: 'detectObjects',
      attempt: 1,
      event: 'cars-1',
      range: 0,
    };
    expect(record(fields)).toBe(`${SHOWN} info   range detected  event=cars-1 range=0`);
  });

  it('shows the attempt of a retry, quoted texts, and the message of an error', () => {
    const error = { message: 'no "route"', stack: 'at x' };
    expect(record({ attempt: 2, reason: 'a b', error })).toMatch(
      /attempt=2 reason="a b" error="no \\"route\\""$/,
    );
  });

  it('names the activity of a warning', () => {
    expect(record({ level: 'warn', activityType: 'detectObjects' })).toMatch(
      /warn {3}range detected {2}activityType=detectObjects$/,
    );
  });

  it('names the levels of pino', () => {
    const time = Date.parse(TIME);
    expect(record({ level: 40, time })).toBe(`${SHOWN} warn   range detected`);
  });

  it.each([
    'Temporal UI: http://localhost:23734',
    '{"msg":"without a time","level":"info"}',
    '{"msg":"cut off',
    '{"time":"never","level":"info","msg":"x"}',
    '',
  ])('returns %j as it is', (line) => {
    expect(formatLogLine(line)).toBe(line);
  });
});
