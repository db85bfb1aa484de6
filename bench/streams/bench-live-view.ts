import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { readConfig } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { quantile } from '../report.js';
import { toCameraKind } from '../cameras/bench-camera.js';
import { findChromium } from '../chromium.js';
import { clipFolder, clipPath } from '../clips.js';
import { type OwnStack, withOwnStack } from '../own-stack.js';
import { print, silently } from '../print.js';
import { followRows } from './follow-rows.js';
import { deploy, LOOPBACK, waitUntilLive, withCameras } from './scenarios.js';

const OPTIONS = {
  kinds: { type: 'string', default: 'rtsp,mjpeg' },
  seconds: { type: 'string', default: '30' },
  size: { type: 'string', default: '1920x1080' },
  clip: { type: 'string' },
} as const;

/** Time for the live view to play without pauses. */
const WARM_UP_MS = 15_000;
const CANVAS = '.live-stage .live-boxes';

/**
 * Measures the time from the arrival of a frame at the worker until its boxes are drawn over the live
 * view of the page. Browser and worker have the same clock.
 */
export async function benchLiveView(args: string[]): Promise<void> {
  const options = parseArgs({ args, options: OPTIONS }).values;
  const config = readConfig();
  const executablePath = findChromium();
  if (!executablePath) {
    const message = 'Chromium not found on PATH: set VIDETTE_CHROMIUM to its path.';
    throw new AppError('SETUP_FAILED', message);
  }
  const kinds = options.kinds.split(',').map(toCameraKind);
  const video = { clip: clipPath(options.clip, config), folder: clipFolder(config) };
  await withCameras(kinds, { ...video, size: options.size }, (cameras) => {
    const measure = async (stack: OwnStack) => {
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
      try {
        for (const kind of kinds) {
          const uuid = await deploy(stack, cameras.get(kind)!.url);
          await waitUntilLive(stack, uuid);
          const drawn = await measureView(stack, browser, {
            uuid,
            seconds: Number(options.seconds),
          });
          print(`${kind}: ${drawn}`);
        }
      } finally {
        await browser.close();
      }
    };
    return withOwnStack(silently, measure, LOOPBACK);
  });
}

async function measureView(
  stack: OwnStack,
  browser: Browser,
  { uuid, seconds }: { readonly uuid: string; readonly seconds: number },
): Promise<string> {
  const follower = await followRows(stack, uuid);
  const page = await browser.newPage({ locale: 'en-US' });
  try {
    await page.goto(`${stack.apiUrl}/#/camera/${uuid}`);
    await page.waitForSelector(`${CANVAS}[data-frame]:not([data-frame=""])`);
    await sleep(WARM_UP_MS);
    const kind = await page.locator('.live-stage').getAttribute('data-kind');
    // A script of text, because the page has other types than this project.
    const drawn: [number, number][] = await page.evaluate(`new Promise((resolve) => {
      const canvas = document.querySelector(${JSON.stringify(CANVAS)});
      const drawn = new Map();
      const observer = new MutationObserver(() => {
        const frame = Number(canvas.dataset.frame);
        if (frame && !drawn.has(frame)) drawn.set(frame, Date.now());
      });
      observer.observe(canvas, { attributeFilter: ['data-frame'] });
      setTimeout(() => resolve([...drawn].slice(1)), ${1000 * seconds});
    })`);
    const arrivals = new Map(follower.latencies.map(({ frame, arrival }) => [frame, arrival]));
    const times = drawn.flatMap(([frame, at]) => {
      const arrival = arrivals.get(frame);
      return arrival === undefined ? [] : [at - arrival];
    });
    const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
    return `boxes over live ${kind}: p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)} ms of ${times.length} rows`;
  } finally {
    await page.close();
    follower.stop();
  }
}
