import { pino } from 'pino';
import { expect, it } from 'vitest';
import { repeatUntil } from './repeat-until.js';

/** A logger that collects the lines of its log. */
function createLog() {
  const lines: string[] = [];
  return { lines, logger: pino({}, { write: (line) => void lines.push(line) }) };
}

it('continues after a failure, which it logs, until it is stopped', async () => {
  const { lines, logger } = createLog();
  const stop = new AbortController();
  let runs = 0;
  await repeatUntil(stop.signal, { everyMs: 0, logger, failure: 'not done' }, () => {
    if (++runs === 3) stop.abort();
    return runs === 1 ? Promise.reject(new Error('busy')) : Promise.resolve();
  });
  expect(runs).toBe(3);
  expect(lines).toEqual([expect.stringMatching(/"reason":"busy".*"not done"/)]);
});

it('does not log a failure that stopping has caused', async () => {
  const { lines, logger } = createLog();
  const stop = new AbortController();
  await repeatUntil(stop.signal, { everyMs: 0, logger, failure: 'not done' }, () => {
    stop.abort();
    return Promise.reject(new Error('aborted'));
  });
  expect(lines).toEqual([]);
});
