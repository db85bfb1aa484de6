import type { Bbox, Size } from '../../domain/result/detection.js';
import { getFirstFrame, getJob, jobUrl } from '../api/jobs.js';
import { fetchApi } from '../api/request.js';
import { element, icon } from '../dom.js';
import { createSeeker, loadStoredFrame, paintCrop } from '../job/frame-images.js';

/** Frame of a job, and the box around which it is cut; without one, it is shown whole. */
export interface ShownFrame {
  readonly event_id: string;
  readonly frame: number;
  /** Milliseconds from the start of the video; null if it is unknown, and any frame will do. */
  readonly timestamp_ms: number | null;
  readonly box?: Bbox;
}

const WIDTH = 320;
const ASPECT = 16 / 9;
const HEIGHT = WIDTH / ASPECT;

/**
 * Image of a frame, loaded when it comes into view: from the stored frames or, if the job stored none,
 * from its video. An icon remains if neither can be shown.
 */
export function frameThumbnail(shown: ShownFrame, signal: AbortSignal): HTMLElement {
  const root = element('div', { class: 'poster' }, icon('film'));
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      void draw(shown, signal).then(
        (canvas) => canvas && root.replaceChildren(canvas),
        () => undefined, // the icon remains
      );
    },
    { rootMargin: '200px' },
  );
  observer.observe(root);
  signal.addEventListener('abort', () => observer.disconnect());
  return root;
}

async function draw(
  { event_id, frame, timestamp_ms, box }: ShownFrame,
  signal: AbortSignal,
): Promise<HTMLCanvasElement | undefined> {
  const mayBeStored = await readStorage(event_id, signal);
  const stored = mayBeStored ? await loadStoredFrame(event_id, frame) : undefined;
  if (stored) {
    const canvas = paint(stored, { width: stored.width, height: stored.height }, box);
    stored.close();
    return canvas;
  }
  const url = jobUrl(event_id, 'video');
  // A HEAD request starts no render of a video that browsers cannot play.
  const { status } = await fetchApi(url, { method: 'HEAD', signal });
  const timeMs = timestamp_ms ?? (await getFirstFrame(event_id))?.timestamp_ms;
  if (status !== 200 || timeMs === undefined) return undefined;
  let canvas: HTMLCanvasElement | undefined;
  await createSeeker(Promise.resolve(url))(timeMs, (video) => {
    const size = { width: video.videoWidth, height: video.videoHeight };
    canvas = paint(video, size, box);
    video.removeAttribute('src');
    return size;
  });
  return canvas;
}

/** Whether jobs may have stored frames, by the signal of a page and their id. */
const storage = new WeakMap<AbortSignal, Map<string, Promise<boolean>>>();

/** Reads each job of a page once. */
function readStorage(eventId: string, signal: AbortSignal): Promise<boolean> {
  const ofPage = storage.get(signal) ?? new Map<string, Promise<boolean>>();
  storage.set(signal, ofPage);
  const known =
    ofPage.get(eventId) ??
    getJob(eventId, signal).then(({ parameters }) => parameters?.frames !== 'none');
  ofPage.set(eventId, known);
  return known;
}

function paint(image: CanvasImageSource, size: Size, box: Bbox | undefined): HTMLCanvasElement {
  const canvas = element('canvas', { width: WIDTH, height: HEIGHT, 'aria-hidden': 'true' });
  // Without a box, the largest region in the middle.
  paintCrop(canvas, image, size, box ?? [0, 0, size.width, size.height]);
  return canvas;
}
