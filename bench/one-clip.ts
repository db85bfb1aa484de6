import { readConfig } from '../config/index.js';
import type { JobRequest } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import { clipPath, clipFolder, repeatClip } from './clips.js';
import type { OwnStack } from './own-stack.js';
import { runPipeline } from './pipeline.js';

export const EVERY = 5;
export const WARM_UP_EVERY = 25;

export interface ClipOptions {
  readonly clip?: string | undefined;
  /** Minimum number of sampled frames; the clip is repeated. */
  readonly frames: string;
}

/** Options of a measurement on one clip, for `parseArgs`. */
export const CLIP_OPTIONS = {
  clip: { type: 'string' },
  frames: { type: 'string', default: '1500' },
} as const;

/** Stores a clip, runs one job on it as a warm-up, and returns the request of the job to measure. */
export async function warmJob(stack: OwnStack, options: ClipOptions): Promise<JobRequest> {
  const config = readConfig();
  const source = clipPath(options.clip, config);
  const clip = await repeatClip(source, clipFolder(config), EVERY, Number(options.frames));
  await stack.objects.putFile(BUCKETS.videos, keys.video(clip.name), clip.path);
  const request = { video_id: clip.name, every: EVERY };
  const warmUp = { ...request, every: WARM_UP_EVERY, frames: 'none' } as const;
  await runPipeline(stack.client, stack.pids, warmUp);
  return request;
}
