import { describe, expect, it } from 'vitest';
import { formatSteps, kneeOf, type LoadStep, stepOf } from './load-step.js';

const row = (times: Record<string, number>, failures = 0, start_time = 100) => ({
  name: '/predict',
  num_requests: Object.values(times).reduce((sum, count) => sum + count, 0),
  num_failures: failures,
  ...{ start_time, last_request_timestamp: start_time + 18 },
  response_times: times,
});
const step = (users: number, perSecond: number): LoadStep => ({
  ...{ users, perSecond, failures: 0, p50Ms: 10, p95Ms: 20, p99Ms: 30 },
});

describe('stepOf', () => {
  it('adds rows up, and takes quantiles over all of their responses', () => {
    const rows = [row({ 10: 90, 200: 4 }), row({ 20: 5, 3000: 1 }, 2, 102)];
    expect(stepOf(rows, 4)).toEqual({
      ...{ users: 4, perSecond: 5, failures: 2 },
      ...{ p50Ms: 10, p95Ms: 20, p99Ms: 200 },
    });
  });

  it('has no times without responses', () => {
    expect(stepOf([], 1)).toMatchObject({ perSecond: 0, failures: 0, p50Ms: NaN });
  });
});

describe('kneeOf', () => {
  it('is at the fewest users that reach nine tenths of the highest throughput', () => {
    const steps = [step(1, 10), step(2, 18), step(4, 20), step(8, 19)];
    expect(kneeOf(steps)).toBe(steps[1]);
    expect(kneeOf([step(1, 10), step(2, 17), step(4, 20)])?.users).toBe(4);
    expect(kneeOf([])).toBeUndefined();
  });
});

it('formats a table with the knee in bold and ratios to the first step', () => {
  expect(formatSteps(2, [step(1, 10), step(2, 19.96)])).toEqual([
    '| 2 | 1 | 10.0 | 1.00 | 10 | 20 | 30 | 0 |',
    '| 2 | **2** | 20.0 | 2.00 | 10 | 20 | 30 | 0 |',
  ]);
});
