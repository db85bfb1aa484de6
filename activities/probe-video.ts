import { log } from '@temporalio/activity';
import { countSampled } from '../domain/video/frame-range.js';
import { BUCKETS, keys } from '../domain/names.js';
import { planRanges, type VideoPlan } from '../domain/video/plan.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Scratch, SourceCache } from '../domain/ports/scratch.js';
import type { ProbedVideo, VideoTools } from '../domain/ports/video-tools.js';
import type { ProbedEvent, ProbeInput } from '../domain/job/activity-contracts.js';
import { derivePlan } from './derive/derive-plan.js';
import { findSpan } from './find-span.js';
import { withHeartbeat } from './heartbeat.js';
import { logDownload } from './log-download.js';
import type { PlanReader } from './plan-reader.js';

export interface ProbeVideoDeps {
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly plans: PlanReader;
  readonly scratch: Scratch;
  readonly sources: SourceCache;
  readonly tools: VideoTools;
}

/** Size of the frame table of 24 hours of video at 60 frames per second, in bytes. */
const TABLE_BYTES = 64 * 1024 ** 2;
/** Maximum number of ranges whose bounds a job carries: each run of its workflow has them as input. */
const BOUNDED_RANGES_MAX = 2000;

/** Writes the frame table and the plan of a video, once per event. */
export async function probeVideo(deps: ProbeVideoDeps, input: ProbeInput): Promise<ProbedEvent> {
  const key = keys.plan(input.event_id);
  const plan = (await deps.objects.stat(BUCKETS.results, key))
    ? await deps.plans.read(key)
    : await makePlan(deps, input, key);
  const { ranges, sampled_frames } = plan;
  const { size, frame_rate, frame_count } = plan.video;
  const video = { size, frame_rate, frame_count };
  return { plan_key: key, ranges: ranges.length, sampled_frames, video, ...boundsOf(plan) };
}

/** Returns the bounds of the ranges, for summaries, unless they are too large for each run of a job. */
function boundsOf({ ranges, video }: VideoPlan): Pick<ProbedEvent, 'bounds'> {
  if (ranges.length > BOUNDED_RANGES_MAX) return {};
  return { bounds: [...ranges.map(({ from }) => from), video.frame_count] };
}

function makePlan(deps: ProbeVideoDeps, input: ProbeInput, key: string): Promise<VideoPlan> {
  const { derived_from } = input.parameters;
  if (derived_from !== undefined) return derivePlan(deps, input, derived_from);
  return writePlan(deps, input, key);
}

function writePlan(deps: ProbeVideoDeps, input: ProbeInput, key: string): Promise<VideoPlan> {
  const { objects, scratch, sources, tools } = deps;
  return withHeartbeat(({ signal }) =>
    scratch.attempt(TABLE_BYTES, async (folder) => {
      const source = await sources.link(input.source, folder, signal, logDownload(input.event_id));
      const { track } = input.parameters;
      const probed = await tools.probe({ source, folder, track, signal });
      const plan = await planOf(input, probed);
      signal.throwIfAborted();
      await objects.putFile(BUCKETS.results, keys.frameTable(input.event_id), probed.tablePath);
      signal.throwIfAborted();
      await objects.put(BUCKETS.results, key, JSON.stringify(plan));
      const { frame_count, size, codec } = plan.video;
      log.info('video probed', { event: input.event_id, frame_count, ...size, codec });
      return plan;
    }),
  );
}

async function planOf(input: ProbeInput, probed: ProbedVideo): Promise<VideoPlan> {
  const { video, identity, keyframes } = probed;
  const { every } = input.parameters;
  const span = await findSpan(probed, input.parameters);
  const { ranges, longGopCuts } = planRanges({
    frameCount: video.frame_count,
    span,
    keyframes,
    every,
    size: video.size,
  });
  const cutWarning =
    `${longGopCuts} of ${ranges.length} ranges begin between keyframes, so the frames before ` +
    'their start are decoded twice. Encode the video with a keyframe every few seconds to avoid this.';
  return {
    event_id: input.event_id,
    source: input.source,
    parameters: input.parameters,
    model: input.model,
    identity,
    video,
    sampled_frames: countSampled(span.from, span.to, every),
    ranges,
    warnings: [...probed.warnings, ...(longGopCuts > 0 ? [cutWarning] : [])],
  };
}
