import { jobPart } from '../api/jobs.js';
import { request, RequestError } from '../api/request.js';
import type { FrameEntry } from './frame-index.js';

export interface FramePictures {
  /** Draws a frame over all of a canvas, whose height follows from the picture. */
  draw(entry: FrameEntry, canvas: HTMLCanvasElement, width: number): Promise<void>;
}

/** The pictures of a job's frames: those that it stored, or where it stored none, the video's. */
export function framePictures(eventId: string, video: HTMLVideoElement): FramePictures {
  /** Whether the job stores frames: the first one that is asked for tells, and the others wait. */
  let areStored: Promise<boolean> | undefined;
  const seeker = createSeeker(video);
  const pictureOf = async (frame: number) => {
    if (areStored) return (await areStored) ? storedPicture(eventId, frame) : undefined;
    const first = storedPicture(eventId, frame);
    areStored = first.then(
      (picture) => picture !== undefined,
      () => true,
    );
    return first;
  };
  const draw = async (entry: FrameEntry, canvas: HTMLCanvasElement, width: number) => {
    const stored = await pictureOf(entry.frame);
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

/** Undefined where the job stored no frames. @throws RequestError for any other reason. */
async function storedPicture(eventId: string, frame: number): Promise<ImageBitmap | undefined> {
  try {
    const response = await request(jobPart(eventId, `frames/${frame}.jpg`));
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

/** A seek to the very time of a frame may show the one before. */
const INTO_FRAME_MS = 1;

/** A second player of the same video that shows one frame after another, beside the one that plays. */
function createSeeker(original: HTMLVideoElement) {
  let second: HTMLVideoElement | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const show = async (timestampMs: number, onShown: (video: HTMLVideoElement) => void) => {
    if (!second) {
      second = document.createElement('video');
      second.muted = true;
      second.src = original.currentSrc || original.src;
      await heard(second, 'loadeddata');
    }
    second.currentTime = (timestampMs + INTO_FRAME_MS) / 1000;
    await heard(second, 'seeked');
    onShown(second);
  };
  return (timestampMs: number, onShown: (video: HTMLVideoElement) => void): Promise<void> => {
    const mine = turn.then(() => show(timestampMs, onShown));
    turn = mine.catch(() => {
      second = undefined; // one that met an error does nothing more
    });
    return mine;
  };
}

function heard(video: HTMLVideoElement, name: 'loadeddata' | 'seeked'): Promise<void> {
  return new Promise((resolve, reject) => {
    video.addEventListener(name, () => resolve(), { once: true });
    video.addEventListener('error', () => reject(new Error('The video cannot be shown.')), {
      once: true,
    });
  });
}
