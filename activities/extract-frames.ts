import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from '@temporalio/activity';
import { BUCKETS, keys } from '../domain/names.js';
import { yuv420pBytes } from '../domain/video/plan.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Scratch, SourceCache } from '../domain/ports/scratch.js';
import type { VideoTools } from '../domain/ports/video-tools.js';
import type { Extracted, RangeInput } from '../domain/job/activity-contracts.js';
import { hostQueue } from '../domain/job/task-queues.js';
import { withHeartbeat } from './heartbeat.js';
import type { PlanReader } from './plan-reader.js';
import { logDownload } from './log-download.js';
import { RAW_FRAMES, writeIndex } from './range-index.js';

export interface ExtractFramesDeps {
  readonly objects: ObjectStore;
  readonly plans: PlanReader;
  readonly scratch: Scratch;
  readonly sources: SourceCache;
  readonly tools: VideoTools;
}

/** Decodes the sampled frames of one range to raw yuv420p in the scratch folder of this host. */
export async function extractFrames(
  deps: ExtractFramesDeps,
  input: RangeInput,
): Promise<Extracted> {
  const host_queue = hostQueue(deps.scratch.hostId);
  const { plan, range } = await deps.plans.range(input.plan_key, input.range);
  if (await isStored(deps.objects, input)) return { host_queue, stored: true, frames: 0 };
  const frames = await deps.plans.frames(plan, range);
  const bytes = frames.length * yuv420pBytes(plan.video.size);
  const decoded = await withHeartbeat(({ signal }) =>
    deps.scratch.attempt(bytes, async (folder) => {
      const source = await deps.sources.link(
        plan.source,
        folder,
        signal,
        logDownload(input.event_id),
      );
      const { video, identity } = plan;
      const request = { source, folder, video, identity, seekPts: range.seek_pts, frames, signal };
      const output = { format: 'yuv420p' } as const;
      const result = await deps.tools.decode({ ...request, preprocess: false, output });
      await writeIndex(folder, { frames: result.frames, skipped: result.skipped });
      await rm(source);
      await rename(result.path, join(folder, RAW_FRAMES));
      signal.throwIfAborted();
      await deps.scratch.keep({ eventId: input.event_id, range: input.range }, 'raw', folder);
      return result;
    }),
  );
  const counts = { frames: decoded.frames.length, skipped: decoded.skipped.length };
  log.info('range extracted', { event: input.event_id, range: input.range, ...counts });
  return { host_queue, stored: false, frames: counts.frames };
}

/** Whether an earlier attempt has stored the frames, or detected them. */
async function isStored(objects: ObjectStore, { event_id, range }: RangeInput): Promise<boolean> {
  const found = await Promise.all([
    objects.stat(BUCKETS.frames, keys.frameIndex(event_id, range)),
    objects.stat(BUCKETS.results, keys.part(event_id, range)),
  ]);
  return found.some((stat) => stat !== undefined);
}
