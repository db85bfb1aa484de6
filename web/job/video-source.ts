import { jobPart } from '../api/jobs.js';
import { messageOf, request } from '../api/request.js';

const DEFAULT_RETRY_S = 3;

/**
 * The address of a job's video, once there is something that a browser may play: of other videos a
 * preview is made first. @param onWait told that it is not there yet.
 */
export async function videoSource(
  eventId: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<string> {
  const address = jobPart(eventId, 'video');
  for (;;) {
    const response = await request(address, { headers: { range: 'bytes=0-0' }, signal });
    await response.body?.cancel();
    if (response.status !== 202) return address;
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
