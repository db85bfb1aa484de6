import { pause, waitUntilBack } from '../api/connection.js';
import { jobUrl } from '../api/jobs.js';
import {
  fetchApi,
  isTemporary,
  messageOf,
  type RequestError,
  toRequestError,
} from '../api/request.js';
import { formatPercent } from '../format.js';

const DEFAULT_RETRY_S = 3;
const NOT_PLAYED = 'This browser cannot play the video.';
const ONE_BYTE = { range: 'bytes=0-0' };

interface VideoStateOptions {
  /** Whether the job is running: its video becomes available only after a few seconds. */
  readonly isRunning: () => boolean;
  readonly signal: AbortSignal;
}

/** State of a job's video: not stored yet, being rendered, or playable. */
export type VideoState =
  | { readonly kind: 'missing' | 'rendering'; readonly text: string }
  | { readonly kind: 'ready'; readonly url: string };

/**
 * Yields the state of a job's video until it can be played. For formats that browsers cannot play,
 * the API renders a copy first. @throws RequestError
 */
export async function* videoStates(
  eventId: string,
  { isRunning, signal }: VideoStateOptions,
): AsyncGenerator<VideoState, void> {
  const url = jobUrl(eventId, 'video');
  for (;;) {
    const waitsForJob = isRunning();
    const state = await checkVideo(url, signal);
    if (state === undefined) {
      yield { kind: 'ready', url };
      return;
    }
    if (state.isMissing && !waitsForJob) throw state.error;
    yield state.isMissing
      ? { kind: 'missing', text: 'Waiting for the video' }
      : { kind: 'rendering', text: describePreview(state.share) };
    await pause(state.retryMs, signal);
    await waitUntilBack(signal);
  }
}

/** Progress of a video that the API is rendering. */
interface PendingVideo {
  readonly isMissing: false;
  /** 0 to 1. */
  readonly share: number;
  readonly retryMs: number;
}

interface MissingVideo {
  readonly isMissing: true;
  readonly error: RequestError;
  readonly retryMs: number;
}

/** Requests one byte of a video; returns undefined if the video is available. @throws RequestError */
export async function checkVideo(
  url: string,
  signal: AbortSignal,
): Promise<PendingVideo | MissingVideo | undefined> {
  const response = await fetchApi(url, { headers: ONE_BYTE, signal });
  const retryMs = Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_S) * 1000;
  if (response.status === 202) {
    const { frames_done, frames_total } = (await response.json()) as RenderProgress; // checked by the API's response schema
    const share = frames_total > 0 ? Math.min(1, frames_done / frames_total) : 0;
    return { isMissing: false, share, retryMs };
  }
  if (response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const reason = toRequestError(response.status, await response.text());
  if (response.status !== 404) throw reason;
  return { isMissing: true, error: reason, retryMs };
}

interface RenderProgress {
  readonly frames_done: number;
  readonly frames_total: number;
}

const describePreview = (share: number) =>
  `Browsers cannot play this format. Rendering a copy, ${formatPercent(share)}`;

/** Why a browser stopped playing a video. */
export type VideoProblem =
  | { readonly kind: 'rendering' | 'api-unavailable' }
  | { readonly kind: 'unplayable'; readonly text: string };

/** Finds out why the browser cannot play a video. */
export async function findVideoProblem(
  eventId: string,
  signal: AbortSignal,
): Promise<VideoProblem> {
  try {
    const state = await checkVideo(jobUrl(eventId, 'video'), signal);
    if (state === undefined) return { kind: 'unplayable', text: NOT_PLAYED };
    return state.isMissing
      ? { kind: 'unplayable', text: state.error.message }
      : { kind: 'rendering' };
  } catch (error) {
    if (signal.aborted) throw error;
    if (isTemporary(error)) return { kind: 'api-unavailable' };
    return { kind: 'unplayable', text: messageOf(error) };
  }
}
