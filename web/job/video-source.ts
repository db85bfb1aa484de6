import { pause, whenBack } from '../api/connection.js';
import { jobPart } from '../api/jobs.js';
import { answerTo, messageOf, refusal, request, RequestError } from '../api/request.js';
import { percent } from '../format.js';

const DEFAULT_RETRY_S = 3;
const ONE_BYTE = { range: 'bytes=0-0' };

export interface VideoSourceOptions {
  /** A job that runs has its video only after its first seconds. */
  readonly isRunning: () => boolean;
  readonly signal: AbortSignal;
  /** Told what is waited for. */
  readonly onWait: (text: string) => void;
}

/**
 * The address of a job's video, once there is something that a browser may play: of other videos a
 * preview is made first.
 */
export async function videoSource(
  eventId: string,
  { isRunning, signal, onWait }: VideoSourceOptions,
): Promise<string> {
  const address = jobPart(eventId, 'video');
  for (;;) {
    const waitsForJob = isRunning();
    const making = await makingOf(address, signal);
    if (making === undefined) return address;
    if (making.isMissing && !waitsForJob) throw making.refusal;
    onWait(making.isMissing ? 'Waiting for the video' : previewText(making.share));
    await pause(making.retryMs, signal);
    await whenBack(signal);
  }
}

/** Of a video that the API makes: how far it is. */
export interface Making {
  readonly isMissing: false;
  /** 0 to 1. */
  readonly share: number;
  readonly retryMs: number;
}

interface Missing {
  readonly isMissing: true;
  readonly refusal: RequestError;
  readonly retryMs: number;
}

/** Asks for one byte of a video; undefined when it is there. @throws RequestError */
export async function makingOf(
  address: string,
  signal: AbortSignal,
): Promise<Making | Missing | undefined> {
  const response = await answerTo(address, { headers: ONE_BYTE, signal });
  const retryMs = Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_S) * 1000;
  if (response.status === 202) {
    const { frames_done, frames_total } = (await response.json()) as MakingAnswer; // by its schema
    const share = frames_total > 0 ? Math.min(1, frames_done / frames_total) : 0;
    return { isMissing: false, share, retryMs };
  }
  if (response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const reason = refusal(response.status, await response.text());
  if (response.status !== 404) throw reason;
  return { isMissing: true, refusal: reason, retryMs };
}

interface MakingAnswer {
  readonly frames_done: number;
  readonly frames_total: number;
}

const previewText = (share: number) =>
  `Browsers cannot play this format; a copy that they can play is being made, ${percent(share)}`;

/** What to say of a video that the browser does not play; undefined when the API was away. */
export async function describeVideoError(
  eventId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await request(jobPart(eventId, 'video'), { headers: ONE_BYTE, signal });
    return 'This browser cannot play the video. The frames and the downloads are complete.';
  } catch (error) {
    if (error instanceof RequestError && error.isTemporary) return undefined;
    return messageOf(error);
  }
}
