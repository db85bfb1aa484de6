import { jobPart } from '../api/jobs.js';
import { messageOf, refusal, request } from '../api/request.js';

const DEFAULT_RETRY_S = 3;

export interface VideoSourceOptions {
  /** A job that runs has its video only after its first seconds. */
  readonly isRunning: boolean;
  readonly signal: AbortSignal;
  /** Told that the video is not there yet. */
  readonly onWait: () => void;
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
    const response = await fetch(address, { headers: { range: 'bytes=0-0' }, signal });
    const isMade = response.status === 202 || (isRunning && response.status === 404);
    if (response.ok && !isMade) {
      await response.body?.cancel();
      return address;
    }
    if (!isMade) throw refusal(response.status, await response.text());
    onWait();
    const waitS = Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_S);
    await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
    signal.throwIfAborted();
  }
}

/** What to say of a video that the browser does not play. */
export async function describeVideoError(eventId: string): Promise<string> {
  try {
    await request(jobPart(eventId, 'video'), { headers: { range: 'bytes=0-0' } });
    return 'This browser cannot play the video. The frames and the downloads are complete.';
  } catch (error) {
    return messageOf(error);
  }
}
