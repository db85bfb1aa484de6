import type { Parameters } from './job-input.js';

/** @example formatSpan({ from_ms: 5000 }) // '5000 ms to the end' */
export function formatSpan({ from_ms = 0, to_ms }: Pick<Parameters, 'from_ms' | 'to_ms'>): string {
  return `${from_ms} ms to ${to_ms === undefined ? 'the end' : `${to_ms} ms`}`;
}
