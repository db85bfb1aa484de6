import { jobPart } from '../api/jobs.js';
import type { FrameEntry } from './frame-index.js';

export interface FramePictures {
  /** Draws a frame over all of a canvas, whose height follows from the picture. */
  draw(entry: FrameEntry, canvas: HTMLCanvasElement, width: number): Promise<void>;
}

/** The pictures of a job's frames: those that it stored, or where it stored none, the video's. */
export function framePictures(eventId: string, video: HTMLVideoElement): FramePictures {
  let isStored = true;
  const seeker = createSeeker(video);
  const draw = async (entry: FrameEntry, canvas: HTMLCanvasElement, width: number) => {
    const stored = isStored ? await storedPicture(eventId, entry.frame) : undefined;
    if (!stored) isStored = false;
    if (stored) paint(canvas, stored, [stored.naturalWidth, stored.naturalHeight], width);
    else
      await seeker(entry.timestampMs, (from) => {
        paint(canvas, from, [from.videoWidth, from.videoHeight], width);
      });
  };
  return { draw };
}

async function storedPicture(
  eventId: string,
  frame: number,
): Promise<HTMLImageElement | undefined> {
  const picture = new Image();
  picture.src = jobPart(eventId, `frames/${frame}.jpg`);
  try {
    await picture.decode();
    return picture;
  } catch {
    return undefined; // the job stored no frames: `frame-not-stored`
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
    turn = mine.catch(() => undefined);
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
