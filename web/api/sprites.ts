import type { Sprite } from '../../domain/video/sprite.js';
import { pause, waitUntilBack } from './connection.js';
import { jobUrl } from './jobs.js';
import { request } from './request.js';

/** Small images of a video, and the URL of their sheet. */
export interface JobSprite extends Sprite {
  readonly image: string;
}

const DEFAULT_RETRY_S = 2;

/** Requests the sprite of a job until the API has rendered it. @throws RequestError if that fails */
export async function getSprite(eventId: string, signal: AbortSignal): Promise<JobSprite> {
  for (;;) {
    const response = await request(jobUrl(eventId, 'sprite'), { signal });
    if (response.status === 200) return (await response.json()) as JobSprite; // checked by the API's response schema
    await pause(Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_S) * 1000, signal);
    await waitUntilBack(signal);
  }
}
