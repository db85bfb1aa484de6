import { Histogram, type Registry } from 'prom-client';

const RESPONSE_S = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 5, 15];

/** A request whose response has begun. */
export interface AnsweredRequest {
  /** Route as it is registered, `/api/v1/jobs/:event_id`; undefined if none matches. */
  readonly route: string | undefined;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** Metrics of HTTP requests. */
export interface HttpMetrics {
  answered(request: AnsweredRequest): void;
}

/** Value of the label `route` of requests that no route matches. */
const UNKNOWN = 'unknown';

export function createHttpMetrics(registers: Registry[]): HttpMetrics {
  const durations = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Seconds from the arrival of a request until its response begins',
    labelNames: ['route', 'method', 'status'],
    buckets: RESPONSE_S,
    registers,
  });
  return {
    answered: ({ route = UNKNOWN, method, status, seconds }) =>
      durations.observe({ route, method, status }, seconds),
  };
}
