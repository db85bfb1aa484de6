import { MAX_FAILED } from './job-input.js';
import type { SkippedFrame } from '../result/result.js';

/** The share of a job, and how many frames it samples. */
export interface Allowance {
  readonly max_failed?: number | undefined;
  readonly sampled_frames: number;
}

/**
 * What to tell when the network failed on more frames than a job may lose; undefined while it has
 * not. `example` is one of them.
 */
export function tooManyFailed(
  failed: number,
  { max_failed = MAX_FAILED, sampled_frames }: Allowance,
  example: SkippedFrame | undefined,
): string | undefined {
  const allowed = Math.floor(max_failed * sampled_frames);
  if (failed <= allowed) return undefined;
  const first = example ? ` (frame ${example.frame}: ${example.reason})` : '';
  return (
    `The network failed on ${failed} of ${sampled_frames} sampled frames${first}, and the job may ` +
    `lose ${allowed}. Try the model with "vidette models test", or allow more with max_failed.`
  );
}
