import { quantile } from '../report.js';

/** Requests of one name, as Locust prints them. */
export interface LocustRow {
  readonly name: string;
  readonly num_requests: number;
  readonly num_failures: number;
  /** First and last request, in seconds since the epoch. */
  readonly start_time: number;
  readonly last_request_timestamp: number;
  /** Numbers of responses by their time in milliseconds, rounded to two digits. */
  readonly response_times: Readonly<Record<string, number>>;
}

/** Requests of some users during a step; times in milliseconds. */
export interface LoadStep {
  readonly users: number;
  readonly perSecond: number;
  readonly failures: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Adds the rows of a step up; users need some time to start, so the first request begins the step. */
export function stepOf(rows: readonly LocustRow[], users: number): LoadStep {
  const sum = (read: (row: LocustRow) => number) => rows.reduce((all, row) => all + read(row), 0);
  const times = rows.flatMap(({ response_times }) =>
    Object.entries(response_times).flatMap(([ms, count]) => Array<number>(count).fill(Number(ms))),
  );
  const start = Math.min(...rows.map(({ start_time }) => start_time));
  const end = Math.max(...rows.map(({ last_request_timestamp }) => last_request_timestamp));
  return {
    users,
    perSecond: rows.length === 0 ? 0 : sum(({ num_requests }) => num_requests) / (end - start),
    failures: sum(({ num_failures }) => num_failures),
    ...{ p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95), p99Ms: quantile(times, 0.99) },
  };
}

/** Share of the highest throughput from which on more users only wait longer. */
const KNEE_SHARE = 0.9;

/** Returns the step of the fewest users that reach nearly the highest throughput. */
export function kneeOf(steps: readonly LoadStep[]): LoadStep | undefined {
  const highest = Math.max(...steps.map(({ perSecond }) => perSecond));
  return steps.find(({ perSecond }) => perSecond >= KNEE_SHARE * highest);
}

/** Formats the steps of a number of lanes as rows of a table in Markdown. */
export function formatSteps(lanes: number, steps: readonly LoadStep[]): string[] {
  const [base] = steps;
  const knee = kneeOf(steps);
  return steps.map((step) => {
    const { users, perSecond, failures, p50Ms, p95Ms, p99Ms } = step;
    const name = step === knee ? `**${users}**` : String(users);
    const ratio = base ? (perSecond / base.perSecond).toFixed(2) : '';
    const times = [p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(0));
    return `| ${[lanes, name, perSecond.toFixed(1), ratio, ...times, failures].join(' | ')} |`;
  });
}

/** Head of the table of {@link formatSteps}. */
export const STEP_TABLE_HEAD = [
  '| lanes | users | requests/s | vs. the fewest users | p50 ms | p95 ms | p99 ms | failures |',
  '| ----- | ----- | ---------- | -------------------- | ------ | ------ | ------ | -------- |',
];
