import { z } from 'zod';
import type { PruneRequest } from '../domain/job/deletion.js';

const SECONDS = { h: 3600, d: 86_400 } as const;

/**
 * Value of `VIDETTE_RETENTION`: age from which jobs are deleted, or from which only their frames are.
 * @example '30d' // {older_than_s: 2592000, frames_only: false}
 * @example 'frames:12h' // {older_than_s: 43200, frames_only: true}
 */
export const retentionVariable = z
  .string()
  .regex(
    /^(frames:)?[1-9][0-9]{0,4}[hd]$/,
    'expected an age in hours or days, such as 30d, or frames:7d for frames only',
  )
  .transform((text): PruneRequest => {
    const [age = '', frames] = text.split(':').reverse();
    const unit = age.endsWith('h') ? 'h' : 'd';
    return {
      older_than_s: Number(age.slice(0, -1)) * SECONDS[unit],
      frames_only: frames !== undefined,
    };
  })
  .optional();
