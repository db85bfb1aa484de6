import type { Readable } from 'node:stream';
import type { RenderKind } from '../../domain/names.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';
import type { VidetteClientDeps } from '../deps.js';
import { cancelRender } from './cancel-render.js';
import { cancelClip, clipOfJob, type ClipOptions, type ClipRequest, clipStream } from './clips.js';
import { playableSource } from './playable-source.js';
import {
  cancelReel,
  diffReel,
  type ReelOptions,
  reelStream,
  type ReelThresholds,
} from './reels.js';
import { annotatedVideo, type AwaitRenderOptions, type RenderState } from './renders.js';
import { spriteOfJob, type SpriteState } from './sprites.js';

/** Videos that are rendered from results. */
export interface RenderMethods {
  /** Returns the annotated video, or the progress of its render, which it starts if needed. */
  annotatedVideo(eventId: string, options?: AwaitRenderOptions): Promise<RenderState>;
  /** Returns a video that browsers play: the source, or a preview, rendered if needed. */
  playableSource(eventId: string, options?: AwaitRenderOptions): Promise<RenderState>;
  /** Cancels a render; false if none is in progress. */
  cancelRender(eventId: string, kind: RenderKind): Promise<boolean>;
  /**
   * Returns a video of the frames in which two results differ, with the boxes of both, or the progress
   * of its render, which it starts if needed.
   * @throws AppError as `diff`; `NO_DIFFERENCE` if no frame differs.
   */
  diffReel(a: string, b: string, options?: ReelOptions): Promise<RenderState>;
  /** Streams the video of {@link diffReel}; waits for its render. */
  reelStream(
    a: string,
    b: string,
    options?: Omit<ReelOptions, 'timeoutMs' | 'start'>,
  ): Promise<Readable>;
  /** Cancels the render of {@link diffReel}; false if none is in progress. */
  cancelReel(a: string, b: string, thresholds?: ReelThresholds): Promise<boolean>;
  /**
   * Returns an MP4 of a span of the video or of a track, or the progress of its render, which it starts
   * if needed. @throws AppError `INVALID_INPUT`, `JOB_NOT_FOUND`.
   */
  clip(eventId: string, options: ClipOptions): Promise<RenderState>;
  /** Streams the MP4 of {@link clip}; waits for its render. */
  clipStream(eventId: string, options: Omit<ClipOptions, 'timeoutMs' | 'start'>): Promise<Readable>;
  /** Cancels the render of {@link clip}; false if none is in progress. */
  cancelClip(eventId: string, request: ClipRequest): Promise<boolean>;
  /** Returns small images of the video, or the progress of their render, which it starts if needed. */
  sprite(eventId: string, options?: AwaitRenderOptions): Promise<SpriteState>;
}

/** Creates the methods for renders on connections that the caller owns. */
export function createRenderMethods(deps: VidetteClientDeps): RenderMethods {
  const { temporal } = deps;
  const call = <T>(work: () => Promise<T>) => callTemporal(temporal, work);
  return {
    annotatedVideo: (eventId, options) => call(() => annotatedVideo(deps, eventId, options)),
    playableSource: (eventId, options) => call(() => playableSource(deps, eventId, options)),
    cancelRender: (eventId, kind) => call(() => cancelRender(deps, eventId, kind)),
    diffReel: (a, b, options) => call(() => diffReel(deps, { a, b }, options)),
    reelStream: (a, b, options) => call(() => reelStream(deps, { a, b }, options)),
    cancelReel: (a, b, thresholds) => call(() => cancelReel(deps, { a, b }, thresholds)),
    clip: (eventId, options) => call(() => clipOfJob(deps, eventId, options)),
    clipStream: (eventId, options) => call(() => clipStream(deps, eventId, options)),
    cancelClip: (eventId, request) => call(() => cancelClip(deps, eventId, request)),
    sprite: (eventId, options) => call(() => spriteOfJob(deps, eventId, options)),
  };
}
