import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { CLIP_KINDS, type ClipKind, makeClip } from '../support/clips.js';
import { saveScreenshot } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';
import { recordPlayback, readFrameAt } from './numbered.js';

const EVERY = 5;

interface Format extends ClipKind {
  /** Timestamp of a frame in ms. */
  readonly timeMs: (frame: number) => number;
  /** Whether the API renders a copy because browsers cannot play the format. */
  readonly isCopied?: boolean;
}

const kind = (name: string) => CLIP_KINDS.find((one) => one.name === name)!;
const constant = (frame: number) => frame * 40;
const FORMATS: readonly Format[] = [
  { ...kind('AVI'), isCopied: true, timeMs: constant },
  {
    ...{ name: 'Matroska', extension: 'mkv', frames: 150, isCopied: true, timeMs: constant },
    options: ['-c:v', 'mpeg2video', '-q:v', '4', '-g', '25'],
  },
  {
    ...kind('variable rate'),
    timeMs: (frame) => frame * 40 + 11 * (frame % 3) + (frame > 100 ? 900 : 0),
  },
  { ...kind('rotation 90'), timeMs: constant },
  { ...kind('rotation 270'), timeMs: constant },
];

describeInBrowser('boxes on the page', () => {
  const setup = usePageSetup();

  it.each(FORMATS)('are drawn on the right frame: $name', async (format) => {
    const { name, extension, frames, rotation, timeMs, isCopied } = format;
    const id = name.replaceAll(' ', '-');
    const { stack } = setup;
    const path = join(stack.folder, `${id}.${extension}`);
    await makeClip(format, path);
    await stack.putVideo(id, path);
    await stack.run({ video_id: id, event_id: id, every: EVERY, frames: 'none' });
    const { page, errors } = await setup.visit();
    const shown = page.goto(`/#/job/${id}`);
    if (isCopied) await page.getByText('Rendering a copy').waitFor();
    await shown;
    await waitForVideo(page);
    await page.waitForSelector('.player-stage canvas[data-frame="0"]');
    await page.locator('.facts').waitFor();
    for (const frame of [0, 4, 5, 7, 52, frames - 2]) {
      const seen = await readFrameAt(page, (timeMs(frame) + 10) / 1000, rotation);
      expect(seen).toEqual({ number: frame, boxesOf: frame - (frame % EVERY) });
    }
    for (const speed of [0.5, 1]) {
      const fromS = timeMs(10) / 1000;
      for (const { timeMs: at, boxesOf } of await recordPlayback(page, {
        speed,
        fromS,
        frames: 20,
      })) {
        const frame = lastAt(at, frames, timeMs);
        expect(boxesOf).toBe(frame - (frame % EVERY));
      }
    }
    await saveScreenshot(page, `format-${id}`);
    expect(errors.filter((text) => !text.includes('404'))).toEqual([]);
    await page.context().close();
  });
});

/** Waits until the player has loaded a frame of the video; before that it shows stored frames. */
async function waitForVideo(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const video = document.querySelector<HTMLVideoElement>('.player:not(.is-waiting) video');
    return video !== null && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
  });
}

/** Returns the frame shown at a time in ms. */
function lastAt(ms: number, frames: number, timeMs: (frame: number) => number): number {
  const all = Array.from({ length: frames }, (_, frame) => frame);
  return all.findLast((frame) => timeMs(frame) <= ms + 1.5) ?? 0;
}
