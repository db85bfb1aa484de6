import type { Bbox, Size } from '../../domain/result/detection.js';
import { jobUrl } from '../api/jobs.js';
import { request, RequestError } from '../api/request.js';
import { cropRegion } from './crop-region.js';
import { type FrameEntry, seekTimeS } from './frame-index.js';

/** Frame whose image is drawn. */
type DrawnFrame = Pick<FrameEntry, 'frame' | 'timestampMs'>;

export interface FrameImages {
  /**
   * Draws a frame on a canvas of the given width; sets the height by the image's aspect ratio.
   * @returns size of the frame
   */
  draw(entry: DrawnFrame, canvas: HTMLCanvasElement, width: number): Promise<Size>;
  /** Draws the surroundings of a box of a frame, which fill the canvas. */
  drawCrop(entry: DrawnFrame, canvas: HTMLCanvasElement, box: Bbox): Promise<Size>;
}

/**
 * Loads images of a job's frames, from its stored frames or, if it stored none, from the video.
 * @param source URL of the video, once it is available
 * @param mayBeStored whether the job may have stored frames
 */
export function createFrameImages(
  eventId: string,
  source: Promise<string>,
  mayBeStored: boolean,
): FrameImages {
  /** Whether the job stored frames; the first request decides, and the others wait for it. */
  let areStored = mayBeStored ? undefined : Promise.resolve(false);
  const seeker = createSeeker(source);
  const loadFrame = async (frame: number) => {
    if (areStored) return (await areStored) ? loadStoredFrame(eventId, frame) : undefined;
    const first = loadStoredFrame(eventId, frame);
    areStored = first.then(
      (image) => image !== undefined,
      () => true,
    );
    return first;
  };
  const show = async (
    { frame, timestampMs }: DrawnFrame,
    paintImage: (image: CanvasImageSource, size: Size) => void,
  ): Promise<Size> => {
    const stored = await loadFrame(frame);
    if (!stored) {
      return seeker(timestampMs, (video) => {
        const size = { width: video.videoWidth, height: video.videoHeight };
        paintImage(video, size);
        return size;
      });
    }
    const size = { width: stored.width, height: stored.height };
    paintImage(stored, size);
    stored.close();
    return size;
  };
  return {
    draw: (entry, canvas, width) => show(entry, (image, size) => paint(canvas, image, size, width)),
    drawCrop: (entry, canvas, box) =>
      show(entry, (image, size) => paintCrop(canvas, image, size, box)),
  };
}

/** Loads a stored frame; undefined if the job stored no frames. @throws RequestError otherwise */
export async function loadStoredFrame(
  eventId: string,
  frame: number,
): Promise<ImageBitmap | undefined> {
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
  size: Size,
  width: number,
): void {
  canvas.width = width;
  canvas.height = Math.round((width * size.height) / size.width);
  canvas.getContext('2d')?.drawImage(source, 0, 0, canvas.width, canvas.height);
}

/** Fills a canvas with the surroundings of a box. @param size of the image, whose pixels the box is in */
export function paintCrop(
  canvas: HTMLCanvasElement,
  image: CanvasImageSource,
  size: Size,
  box: Bbox,
): void {
  const { x, y, width, height } = cropRegion(box, size, canvas.width / canvas.height);
  const { width: toWidth, height: toHeight } = canvas;
  canvas.getContext('2d')?.drawImage(image, x, y, width, height, 0, 0, toWidth, toHeight);
}

/** Seeks through frames in a second, invisible player of the video. */
export function createSeeker(source: Promise<string>) {
  let second: HTMLVideoElement | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  const show = async (timestampMs: number, onShown: (video: HTMLVideoElement) => Size) => {
    const url = await source;
    if (!second) {
      second = document.createElement('video');
      second.muted = true;
      second.src = url;
      await waitForEvent(second, 'loadeddata');
    }
    second.currentTime = seekTimeS(timestampMs);
    await waitForEvent(second, 'seeked');
    return onShown(second);
  };
  return (timestampMs: number, onShown: (video: HTMLVideoElement) => Size): Promise<Size> => {
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
