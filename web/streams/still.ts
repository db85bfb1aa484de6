import { fetchApi } from '../api/request.js';
import { streamUrl } from '../api/streams.js';
import { showJpeg } from './live-images.js';

/** Shows the newest image of a camera. @returns false if it has sent none */
export async function showStill(
  uuid: string,
  image: HTMLImageElement,
  signal: AbortSignal,
): Promise<boolean> {
  const response = await fetchApi(streamUrl(uuid, 'latest.jpg'), { signal });
  if (!response.ok) return false;
  await showJpeg(image, await response.blob());
  return true;
}
