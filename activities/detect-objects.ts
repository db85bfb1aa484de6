import { log } from '@temporalio/activity';
import type { FrameRange } from '../domain/video/frame-range.js';
import { findPart } from '../domain/job/job-store.js';
import { BUCKETS, keys } from '../domain/names.js';
import { encodePart, type Part, partCounts } from '../domain/result/part.js';
import type { VideoPlan } from '../domain/video/plan.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { FrameSource, LaneJob, Lanes } from '../domain/ports/lanes.js';
import type { DetectionMeter, FrameCounts } from '../domain/ports/meters.js';
import type { ModelFiles } from '../domain/ports/model-registry.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { Scratch, SourceCache } from '../domain/ports/scratch.js';
import type { PartCounts } from '../domain/result/result.js';
import type { RangeInput } from '../domain/job/activity-contracts.js';
import type { Device } from '../domain/job/task-queues.js';
import { type Beat, withHeartbeat } from './heartbeat.js';
import { detectIsolated } from './isolate-frames.js';
import { logDownload } from './log-download.js';
import type { PlanReader } from './plan-reader.js';
import { predictionsOf } from './predictions-of.js';
import { getRangeIndex } from './range-index.js';

export interface DetectObjectsDeps {
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  readonly plans: PlanReader;
  readonly scratch: Scratch;
  readonly sources: SourceCache;
  readonly models: ModelFiles;
  readonly lanes: Lanes;
  readonly device: Device;
  readonly detectionMeter: DetectionMeter;
}

/** Detects the objects of one range and stores them as its part; an existing part is reused. */
export async function detectObjects(
  deps: DetectObjectsDeps,
  input: RangeInput,
): Promise<PartCounts> {
  return withHeartbeat(async (beat) => {
    const part = await countRange(deps, beat.signal, () => findOrDetectPart(deps, input, beat));
    beat.signal.throwIfAborted();
    await deps.documents.insertPredictions(predictionsOf(input.event_id, part));
    const counts = partCounts(part);
    log.info('range detected', { event: input.event_id, range: input.range, ...counts });
    return counts;
  });
}

/** Counts the range by what becomes of it. */
async function countRange(
  { detectionMeter }: DetectObjectsDeps,
  signal: AbortSignal,
  work: () => Promise<{ readonly part: Part; readonly isReused: boolean }>,
): Promise<Part> {
  try {
    const { part, isReused } = await work();
    detectionMeter.range(isReused ? 'reused' : 'detected');
    return part;
  } catch (error) {
    detectionMeter.range(signal.aborted ? 'cancelled' : 'failed');
    throw error;
  }
}

async function findOrDetectPart(deps: DetectObjectsDeps, input: RangeInput, beat: Beat) {
  const stored = await findPart(deps.objects, input.event_id, input.range);
  const part = stored ?? (await detectPart(deps, input, beat));
  return { part, isReused: stored !== undefined };
}

async function detectPart(deps: DetectObjectsDeps, input: RangeInput, beat: Beat): Promise<Part> {
  const { objects, plans, scratch, lanes, models, device } = deps;
  const { plan, range } = await plans.range(input.plan_key, input.range);
  const model = await models.fetch(plan.model);
  const detected = await scratch.attempt(0, async (folder) => {
    const source = await frameSource(deps, input, plan, range, { folder, signal: beat.signal });
    const job: LaneJob = { model, source, video: plan.video, parameters: plan.parameters };
    const { max_failed } = plan.parameters;
    return detectIsolated(
      lanes,
      job,
      { max_failed, sampled_frames: plan.sampled_frames },
      {
        signal: beat.signal,
        onFrames: (frames) => beat.report({ frames }),
      },
    );
  });
  const part = { device, ...detected };
  beat.signal.throwIfAborted();
  await objects.put(BUCKETS.results, keys.part(input.event_id, input.range), encodePart(part));
  deps.detectionMeter.frames(plan.model, device, frameCountsOf(part));
  return part;
}

function frameCountsOf({ rows, skipped }: Part): FrameCounts {
  const still = rows.filter(({ same_as }) => same_as !== undefined).length;
  return { detected: rows.length - still, still, skipped: skipped.length };
}

/** Returns the source of a range's frames: stored JPEGs, or the video itself. */
async function frameSource(
  deps: DetectObjectsDeps,
  input: RangeInput,
  plan: VideoPlan,
  range: FrameRange,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<FrameSource> {
  if (plan.parameters.frames === 'none') {
    const path = await deps.sources.link(plan.source, folder, signal, logDownload(input.event_id));
    const frames = await deps.plans.frames(plan, range);
    return {
      kind: 'video',
      path,
      folder,
      frames,
      identity: plan.identity,
      seekPts: range.seek_pts,
    };
  }
  const { frames, skipped } = await getRangeIndex(deps.objects, input);
  const { event_id } = input;
  return plan.parameters.frames === 'packed'
    ? { kind: 'packed', folder, key: keys.pack(event_id, input.range), frames, skipped }
    : { kind: 'objects', folder, event_id, frames, skipped };
}
