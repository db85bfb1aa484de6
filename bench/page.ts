import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { type Browser, chromium, type Page } from 'playwright-core';
import { AppError } from '../domain/errors.js';
import { MOCK_MODEL_NAME } from '../domain/model/known-models.js';
import { BUCKETS, keys } from '../domain/names.js';
import { findChromium } from './chromium.js';
import { repeatClip } from './clips.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { runPipeline } from './pipeline.js';

const STAGE = '.player-stage';
const BYTES_PER_MB = 1e6;
const LOAD_TIMEOUT_MS = 300_000;

/**
 * Measures how fast the page of a job with many frames opens and responds: two objects in each frame,
 * on a repeated clip of 64x64 pixels, each frame sampled.
 */
export async function benchPage(args: string[]): Promise<void> {
  const options = { frames: { type: 'string', default: '100000' } } as const;
  const { frames } = parseArgs({ args, options }).values;
  const executablePath = findChromium();
  if (!executablePath) {
    throw new AppError(
      'SETUP_FAILED',
      'Chromium not found on PATH: set VIDETTE_CHROMIUM to its path.',
    );
  }
  const run = async (stack: OwnStack) => {
    const video_id = await putLongVideo(stack, Number(frames));
    const request = { video_id, every: 1, conf: 0, frames: 'none' } as const;
    const job = await runPipeline(stack.client, stack.pids, request);
    console.log(`${job.frames} frames with two objects each`);
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      await measure(browser, `${stack.apiUrl}/#/job/${job.event_id}`, job.frames);
    } finally {
      await browser.close();
    }
  };
  await withOwnStack(console.log, run, { VIDETTE_MODEL: MOCK_MODEL_NAME });
}

async function putLongVideo({ scratchDir, objects }: OwnStack, frames: number): Promise<string> {
  const short = join(scratchDir, 'short.mp4');
  const source = ['-f', 'lavfi', '-i', 'testsrc=s=64x64:r=25:d=40', '-pix_fmt', 'yuv420p'];
  await execa('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...source, short]);
  const long = await repeatClip(short, scratchDir, 1, frames);
  await objects.putFile(BUCKETS.videos, keys.video(long.name), long.path);
  return long.name;
}

async function measure(browser: Browser, url: string, frames: number): Promise<void> {
  const page = await browser.newPage({ locale: 'en-US' });
  const timed = async (label: string, work: () => Promise<unknown>) => {
    const start = performance.now();
    await work();
    console.log(`${label}: ${Math.round(performance.now() - start)} ms`);
  };
  const waitForBoxes = (frame: number) =>
    page.waitForSelector(`${STAGE} canvas[data-frame="${frame}"]`);
  await timed('until the boxes of the first frame', async () => {
    await page.goto(url);
    await waitForBoxes(0);
  });
  await timed('from there until all frames are loaded', () =>
    page
      .getByText(frames.toLocaleString('en-US'), { exact: true })
      .nth(1) // the first one is among the facts
      .waitFor({ timeout: LOAD_TIMEOUT_MS }),
  );
  console.log(`JavaScript heap: ${await readHeapMb(page)} MB`);
  await timed('confidence filter, until charts are drawn', () =>
    setAndWaitForPaint(page, 'confidence'),
  );
  const middle = Math.floor(frames / 2);
  await timed('seek to the middle, until its boxes are drawn', async () => {
    await page.evaluate(`document.querySelector('video').currentTime = ${(middle + 0.5) / 25}`);
    await waitForBoxes(middle);
  });
  await timed('next frame by key', async () => {
    await page.locator(STAGE).press('ArrowRight');
    await waitForBoxes(middle + 1);
  });
}

/** Moves a slider and waits for the second animation frame after it. */
async function setAndWaitForPaint(page: Page, slider: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const slider = document.getElementById(${JSON.stringify(slider)});
    slider.value = '0.6';
    slider.dispatchEvent(new Event('input'));
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  })`);
}

/** Returns the size of the JavaScript heap after a garbage collection, in MB. */
async function readHeapMb(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const used = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
  return Math.round(used / BYTES_PER_MB);
}
