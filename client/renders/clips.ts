import type { Readable } from 'node:stream';
import { AppError } from '../../domain/errors.js';
import { findResult, noResult, readPlan } from '../../domain/job/job-store.js';
import { type ClipId, keys, RENDER_CLIP } from '../../domain/names.js';
import { findTrack } from '../../domain/track/find-track.js';
import type { Track } from '../../domain/track/track.js';
import { findClipFrames, readPts } from '../../domain/video/clip-frames.js';
import type { VideoPlan } from '../../domain/video/plan.js';
import { timestampMs } from '../../domain/video/timestamp.js';
import { clipWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { noTracks } from '../results/no-tracks.js';
import { cancelRun } from './cancel-render.js';
import { type AwaitRenderOptions, awaitRender, openRender, type RenderState } from './renders.js';

/** What a clip shows: a span of the video, or a track. */
export interface ClipRequest {
  /** Start in milliseconds from the start of the video, inclusive; default: the start. */
  readonly fromMs?: number | undefined;
  /** End in milliseconds, exclusive; default: the end. */
  readonly toMs?: number | undefined;
  /** Id of the track whose time is shown. */
  readonly track?: number | undefined;
  /** Milliseconds before and after the track; default: 1000. */
  readonly marginMs?: number | undefined;
  /** What is drawn: all objects (default), none, or only those of the track. */
  readonly boxes?: 'all' | 'none' | 'track' | undefined;
}

export interface ClipOptions extends ClipRequest, AwaitRenderOptions {}

type Deps = Pick<VidetteClientDeps, 'temporal' | 'objects'>;

const MARGIN_MS = 1000;
/** Time after the last frame at which an explicit span may end. */
const END_SLACK_MS = 1000;
/** Resolution of times in ms. */
const THOUSANDTHS = 1000;

/**
 * Returns an MP4 of a span of the video of a job, or of a track; the first request starts its render.
 * @throws AppError `JOB_NOT_FOUND` if the job has no result; `INVALID_INPUT` for a span outside of the
 * video, an unknown track or a job without tracks; or the error of the render.
 */
export async function clipOfJob(
  { temporal, objects }: Deps,
  eventId: string,
  { fromMs, toMs, track, marginMs, boxes, ...options }: ClipOptions,
): Promise<RenderState> {
  const request = { fromMs, toMs, track, marginMs, boxes };
  const { clip, madeFrom } = await openClip(objects, eventId, request);
  const render = {
    ...{ eventId, workflow: RENDER_CLIP, workflowId: clipWorkflowIdOf(clip), input: clip },
    ...{ key: keys.clip(clip), madeFrom },
  };
  return awaitRender({ temporal, objects }, render, options);
}

/** Streams a clip; waits for its render. @throws AppError as {@link clipOfJob}. */
export function clipStream(
  deps: Deps,
  eventId: string,
  options: Omit<ClipOptions, 'timeoutMs' | 'start'>,
): Promise<Readable> {
  return openRender(deps, () => clipOfJob(deps, eventId, options));
}

/** Cancels the render of a clip within seconds; false if none is in progress. */
export async function cancelClip(
  { temporal, objects }: Deps,
  eventId: string,
  request: ClipRequest,
): Promise<boolean> {
  const { clip } = await openClip(objects, eventId, request);
  return cancelRun(temporal, clipWorkflowIdOf(clip));
}

interface OpenedClip {
  readonly clip: ClipId;
  /** Etag of the result. */
  readonly madeFrom: string;
}

async function openClip(
  objects: Deps['objects'],
  eventId: string,
  request: ClipRequest,
): Promise<OpenedClip> {
  const result = await findResult(objects, eventId);
  const plan = await readPlan(objects, eventId);
  if (!result || !plan) throw noResult(eventId);
  const { track, boxes = 'all' } = request;
  if (boxes === 'track' && track === undefined) {
    throw new AppError('INVALID_INPUT', 'boxes "track" needs the id of a track. Set "track".');
  }
  const found = track === undefined ? undefined : await expectTrack(objects, plan, track);
  const lastPts = await readPts(objects, plan, plan.video.frame_count - 1);
  const lastMs = timestampMs(lastPts, plan.video);
  const span = found ? spanOfTrack(found, request) : spanOf(request, lastMs);
  const from_ms = round(Math.max(0, span.fromMs));
  const to_ms = round(Math.min(span.toMs, lastMs) + 1 / THOUSANDTHS);
  const times = { from_ms, to_ms: span.toMs > lastMs ? to_ms : round(span.toMs) };
  await findClipFrames(objects, plan, times);
  const drawn = boxes === 'track' ? (`track-${track!}` as const) : boxes; // checked above
  return { clip: { event_id: eventId, ...times, boxes: drawn }, madeFrom: result.etag };
}

async function expectTrack(objects: Deps['objects'], plan: VideoPlan, id: number): Promise<Track> {
  const { event_id, parameters } = plan;
  if (!parameters.tracking) throw noTracks(event_id, 'the clip is that of a track');
  const found = await findTrack(objects, plan, id);
  if (found.track) return found.track;
  const known = found.count === 0 ? 'it has none' : `it has the tracks 1 to ${found.count}`;
  throw new AppError('INVALID_INPUT', `Job ${event_id} has no track ${id}: ${known}.`, {
    event_id,
  });
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The last frame of the track is in the span, whose end is exclusive. */
function spanOfTrack({ from_ms, to_ms }: Track, request: ClipRequest): Span {
  const { fromMs, toMs, marginMs = MARGIN_MS } = request;
  if (fromMs !== undefined || toMs !== undefined) {
    throw new AppError('INVALID_INPUT', 'A clip is that of a track or of a span, not of both.');
  }
  return { fromMs: from_ms - marginMs, toMs: to_ms + marginMs + 1 / THOUSANDTHS };
}

function spanOf({ fromMs, toMs }: ClipRequest, lastMs: number): Span {
  if (fromMs === undefined && toMs === undefined) {
    throw new AppError('INVALID_INPUT', 'A clip needs a track, a start or an end. Set one.');
  }
  const span = { fromMs: fromMs ?? 0, toMs: toMs ?? Infinity };
  if (span.fromMs < 0 || span.toMs <= span.fromMs) {
    throw new AppError(
      'INVALID_INPUT',
      `A clip must begin at 0 ms or later and end after its start; received ${span.fromMs} ms to ${span.toMs} ms.`,
    );
  }
  if (toMs !== undefined && toMs > lastMs + END_SLACK_MS) {
    throw new AppError(
      'INVALID_INPUT',
      `The span ends at ${toMs} ms, after the video, whose last frame is at ${lastMs} ms. Omit the end for the rest of the video.`,
    );
  }
  return span;
}

const round = (ms: number) => Math.round(ms * THOUSANDTHS) / THOUSANDTHS;
