import type { Page } from 'playwright-core';
import { readNumber } from '../support/numbered-clip.js';

/** Frame on the screen: the number encoded in it, and the frame whose boxes are drawn over it. */
export interface ShownFrame {
  readonly number: number;
  readonly boxesOf: number;
}

/**
 * Seeks to a time of a numbered clip and reads the frame shown.
 * @param rotation clockwise rotation of the clip in degrees
 */
export async function readFrameAt(page: Page, timeS: number, rotation = 0): Promise<ShownFrame> {
  const { plane, size, boxesOf } = await page.locator('.player-stage').evaluate(readFrame, timeS);
  return { number: readNumber(Buffer.from(plane), { size, rotation }), boxesOf };
}

/** Runs on the page. Returns the red channel, which is the brightness of a grey clip. */
async function readFrame(stage: Element, timeS: number) {
  const video = stage.querySelector('video')!; // both are in every stage
  const overlay = stage.querySelector('canvas')!;
  video.currentTime = timeS;
  await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
  while (Math.abs(Number(overlay.dataset['timeMs']) - timeS * 1000) > 50) {
    await new Promise(requestAnimationFrame);
  }
  const { videoWidth: width, videoHeight: height } = video;
  const context = new OffscreenCanvas(width, height).getContext('2d')!;
  context.drawImage(video, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const plane = [...data].filter((_, i) => i % 4 === 0);
  return { plane, size: { width, height }, boxesOf: Number(overlay.dataset['frame']) };
}

/** Time of a presented frame, and the frame whose boxes were drawn over it. */
export interface PresentedFrame {
  readonly timeMs: number;
  readonly boxesOf: number;
}

/** Plays from `fromS` at `speed` and records `frames` presented frames. */
export function recordPlayback(
  page: Page,
  {
    speed,
    fromS,
    frames,
  }: { readonly speed: number; readonly fromS: number; readonly frames: number },
): Promise<readonly PresentedFrame[]> {
  return page.locator('.player-stage').evaluate(
    async (stage, { speed, fromS, frames }) => {
      const video = stage.querySelector('video')!; // both are in every stage
      const overlay = stage.querySelector('canvas')!;
      const noted: { timeMs: number; boxesOf: number }[] = [];
      video.currentTime = fromS;
      video.playbackRate = speed;
      await video.play();
      await new Promise<void>((resolve) => {
        const note = () =>
          video.requestVideoFrameCallback((_, { mediaTime }) => {
            noted.push({ timeMs: mediaTime * 1000, boxesOf: Number(overlay.dataset['frame']) });
            if (noted.length >= frames) resolve();
            else note();
          });
        note();
      });
      video.pause();
      return noted;
    },
    { speed, fromS, frames },
  );
}
