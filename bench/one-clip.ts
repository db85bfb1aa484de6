import { readConfig } from '../config/index.js';
import type { JobRequest } from '../domain/job/job-input.js';
import { BUCKETS, keys } from '../domain/names.js';
import { chosenClip, clipFolder, repeatClip } from './clips.js';
import type { OwnStack } from './own-stack.js';
import { runPipeline } from './pipeline.js';

export const EVERY = 5;
export const WARM_UP_EVERY = 25;

export interface ClipOptions {
  readonly clip?: string | undefined;
  /** Sampled frames at least; the clip is repeated. */
  readonly frames: string;
}

/** Puts a clip into the store of a stack, runs it once to warm up, and resolves with its job. */
export async function warmJob(stack: OwnStack, options: ClipOptions): Promise<JobRequest> {
  const config = readConfig();
  const source = chosenClip(options.clip, config);
  const clip = await repeatClip(source, clipFolder(config), EVERY, Number(options.frames));
  await stack.objects.putFile(BUCKETS.videos, keys.video(clip.name), clip.path);
  const request = { video_id: clip.name, every: EVERY };
  const warmUp = { ...request, every: WARM_UP_EVERY, frames: 'none' } as const;
  await runPipeline(stack.client, stack.pids, warmUp);
  return request;
}
