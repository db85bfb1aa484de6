import type { SkippedFrame } from '../result/result.js';
import { MAX_FAILED } from './limits.js';

/** Share of a job's frames on which the model may fail, and the number of frames that it samples. */
export interface Allowance {
  readonly max_failed?: number | undefined;
  readonly sampled_frames: number;
}

/**
 * Returns the message of a job on too many of whose frames the model failed; undefined if it may continue.
 * @param example one of the failed frames.
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
    `The model failed on ${failed} of ${sampled_frames} sampled frames${first}; the limit is ` +
    `${allowed}. Check the model with "vidette models test", or raise max_failed.`
  );
}
