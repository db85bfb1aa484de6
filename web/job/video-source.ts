import { pause, waitUntilBack } from '../api/connection.js';
import { jobUrl } from '../api/jobs.js';
import {
  fetchApi,
  isTemporary,
  messageOf,
  request,
  type RequestError,
  toRequestError,
} from '../api/request.js';
import { formatPercent } from '../format.js';

const DEFAULT_RETRY_S = 3;
const ONE_BYTE = { range: 'bytes=0-0' };

interface VideoSourceOptions {
  /** Whether the job is running: its video becomes available only after a few seconds. */
  readonly isRunning: () => boolean;
  readonly signal: AbortSignal;
  /** Receives a text for the user about what delays the video. */
  readonly onWait: (text: string) => void;
}

/**
 * Waits until a job's video can be played and returns its URL. For formats that browsers cannot play,
 * the API renders a copy first. @throws RequestError
 */
export async function videoSource(
  eventId: string,
  { isRunning, signal, onWait }: VideoSourceOptions,
): Promise<string> {
  const url = jobUrl(eventId, 'video');
  for (;;) {
    const waitsForJob = isRunning();
    const state = await checkVideo(url, signal);
    if (state === undefined) return url;
    if (state.isMissing && !waitsForJob) throw state.error;
    onWait(state.isMissing ? 'Waiting for the video' : describePreview(state.share));
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

/** Returns why the browser cannot play a video; undefined if the API was unavailable. */
export async function describeVideoError(
  eventId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await request(jobUrl(eventId, 'video'), { headers: ONE_BYTE, signal });
    return 'This browser cannot play the video. Frames and downloads are complete.';
  } catch (error) {
    if (isTemporary(error)) return undefined;
    return messageOf(error);
  }
}
