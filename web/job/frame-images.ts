import { jobUrl } from '../api/jobs.js';
import { request, RequestError } from '../api/request.js';
import { type FrameEntry, seekTimeS } from './frame-index.js';

export interface FrameImages {
  /** Draws a frame on a canvas of the given width; sets the height by the image's aspect ratio. */
  draw(entry: FrameEntry, canvas: HTMLCanvasElement, width: number): Promise<void>;
}

/** Loads images of a job's frames, from its stored frames or, if it stored none, from the video. */
export function createFrameImages(eventId: string, video: HTMLVideoElement): FrameImages {
  /** Whether the job stored frames; the first request decides, and the others wait for it. */
  let areStored: Promise<boolean> | undefined;
  const seeker = createSeeker(video);
  const loadFrame = async (frame: number) => {
    if (areStored) return (await areStored) ? loadStoredFrame(eventId, frame) : undefined;
    const first = loadStoredFrame(eventId, frame);
    areStored = first.then(
      (image) => image !== undefined,
      () => true,
    );
    return first;
  };
  const draw = async (entry: FrameEntry, canvas: HTMLCanvasElement, width: number) => {
    const stored = await loadFrame(entry.frame);
    if (stored) {
      paint(canvas, stored, [stored.width, stored.height], width);
      stored.close();
    } else
      await seeker(entry.timestampMs, (from) => {
        paint(canvas, from, [from.videoWidth, from.videoHeight], width);
      });
  };
  return { draw };
}

/** Loads a stored frame; undefined if the job stored no frames. @throws RequestError otherwise */
async function loadStoredFrame(eventId: string, frame: number): Promise<ImageBitmap | undefined> {
  try {
    const response = await request(jobUrl(eventId, `frames/${frame}.jpg`));
    return await createImageBitmap(await response.blob());
  } catch (error) {
    if (error instanceof RequestError && error.kind === 'frame-not-stored') return undefined;
    throw error;
  }
}

function paint(
  canvas: HTMLCanvasElement,
  source: CanvasImageSource,
  [sourceWidth, sourceHeight]: readonly [number, number],
  width: number,
): void {
  canvas.width = width;
  canvas.height = Math.round((width * sourceHeight) / sourceWidth);
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
}

/** Seeks through frames in a second, invisible player of the same video. */
function createSeeker(original: HTMLVideoElement) {
  let second: HTMLVideoElement | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const show = async (timestampMs: number, onShown: (video: HTMLVideoElement) => void) => {
    if (!second) {
      second = document.createElement('video');
      second.muted = true;
      second.src = original.currentSrc || original.src;
      await waitForEvent(second, 'loadeddata');
    }
    second.currentTime = seekTimeS(timestampMs);
    await waitForEvent(second, 'seeked');
    onShown(second);
  };
  return (timestampMs: number, onShown: (video: HTMLVideoElement) => void): Promise<void> => {
    const current = queue.then(() => show(timestampMs, onShown));
    queue = current.catch(() => {
      second = undefined; // an element in the error state ignores seeks
    });
    return current;
  };
}

function waitForEvent(video: HTMLVideoElement, name: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(name, () => resolve(), { once: true });
    video.addEventListener('error', () => reject(new Error('The video cannot be shown.')), {
      once: true,
    });
  });
}
