import type { Page } from 'playwright-core';
import { readNumber } from '../support/numbered-clip.js';

/** A frame that is on the screen: the number that it shows, and the frame whose boxes lie over it. */
export interface Seen {
  readonly number: number;
  readonly boxesOf: number;
}

/**
 * Goes to a time of a numbered clip, and reads what is shown there.
 * @param rotation by which the clip is turned, clockwise in degrees.
 */
export async function seenAt(page: Page, timeS: number, rotation = 0): Promise<Seen> {
  const { plane, size, boxesOf } = await page.locator('.player-stage').evaluate(look, timeS);
  return { number: readNumber(Buffer.from(plane), { size, rotation }), boxesOf };
}

/** Runs on the page: the red of each pixel, which is the brightness of a grey clip. */
async function look(stage: Element, timeS: number) {
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

/** When a frame came to the screen, and the frame whose boxes lay over it. */
export interface Played {
  readonly timeMs: number;
  readonly boxesOf: number;
}

/** Plays at a speed from a time on, and notes so many frames as they come to the screen. */
export function played(
  page: Page,
  {
    speed,
    fromS,
    frames,
  }: { readonly speed: number; readonly fromS: number; readonly frames: number },
): Promise<readonly Played[]> {
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
