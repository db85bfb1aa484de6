import type { Page } from 'playwright-core';
import type { Bbox, Size } from '../../domain/result/detection.js';
import { FPS } from '../../sample/scene.js';

const STAGE = '.player-stage';
/** Maximum distance of a drawn edge from the ground truth, in frame pixels: the model's error. */
const TOLERANCE = 12;

/** Seeks to the middle of a frame and waits until the boxes of a sampled frame are drawn. */
export async function showFrame(page: Page, frame: number, sampled: number): Promise<void> {
  const timeS = (frame + 0.5) / FPS;
  await page.locator(`${STAGE} video`).evaluate((video: HTMLVideoElement, timeS) => {
    video.currentTime = timeS;
  }, timeS);
  await page.waitForFunction(
    ({ stage, sampled, timeS, frameS }) => {
      const { frame, timeMs } = document.querySelector<HTMLElement>(`${stage} canvas`)!.dataset;
      return frame === String(sampled) && Math.abs(Number(timeMs) / 1000 - timeS) < frameS;
    },
    { stage: STAGE, sampled, timeS, frameS: 1 / FPS },
  );
}

/**
 * Counts the edges of a box that are drawn, by probing across the middle of each edge within the
 * tolerance.
 */
export function countDrawnEdges(page: Page, bbox: Bbox, size: Size): Promise<number> {
  return page.locator(`${STAGE} canvas`).evaluate(
    (canvas: HTMLCanvasElement, { bbox, size, tolerance }) => {
      const [xMin, yMin, xMax, yMax] = bbox;
      const x = canvas.width / size.width;
      const y = canvas.height / size.height;
      const [midX, midY] = [(xMin + xMax) / 2, (yMin + yMax) / 2];
      const lines = [
        [xMin - tolerance, midY, 2 * tolerance, 1],
        [xMax - tolerance, midY, 2 * tolerance, 1],
        [midX, yMin - tolerance, 1, 2 * tolerance],
        [midX, yMax - tolerance, 1, 2 * tolerance],
      ] as const;
      const context = canvas.getContext('2d')!; // the page draws on it
      return lines.filter(([left, top, width, height]) => {
        const { data } = context.getImageData(
          Math.round(left * x),
          Math.round(top * y),
          Math.max(1, Math.round(width * x)),
          Math.max(1, Math.round(height * y)),
        );
        return data.some((value, i) => i % 4 === 3 && value > 200);
      }).length;
    },
    { bbox, size, tolerance: TOLERANCE },
  );
}

/** Counts the drawn pixels of the overlay. */
export function countDrawnPixels(page: Page): Promise<number> {
  return page.locator(`${STAGE} canvas`).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 3 && value > 0).length;
  });
}

/** Frame on the screen, and the frame whose boxes were drawn over it. */
export interface Shown {
  readonly frame: number;
  readonly boxesOf: number;
}

/** Plays `frames` frames at `speed` and records each presented frame. */
export function recordPlayback(
  page: Page,
  speed: number,
  frames: number,
): Promise<readonly Shown[]> {
  return page.locator(STAGE).evaluate(
    async (stage, { speed, frames, fps }) => {
      const video = stage.querySelector('video')!; // both are in every stage
      const canvas = stage.querySelector('canvas')!;
      const shown: { frame: number; boxesOf: number }[] = [];
      video.playbackRate = speed;
      await video.play();
      await new Promise<void>((resolve) => {
        const note = () =>
          video.requestVideoFrameCallback((_, { mediaTime }) => {
            const boxesOf = Number(canvas.dataset['frame']);
            shown.push({ frame: Math.round(mediaTime * fps), boxesOf });
            if (shown.length >= frames) resolve();
            else note();
          });
        note();
      });
      video.pause();
      return shown;
    },
    { speed, frames, fps: FPS },
  );
}
