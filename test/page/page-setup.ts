import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findChromium } from '../../bench/chromium.js';
import type { Settings } from '../../stack/index.js';
import { startApi, type TestApi } from '../support/api.js';
import { startStack, type TestStack } from '../support/stack.js';
import { ALL_WORKERS } from '../support/workers.js';
import { launch, visit, type Visit } from './browser.js';

const chromium = findChromium();
if (!chromium) console.warn('Skipping page tests: Chromium not found. Set VIDETTE_CHROMIUM.');

/** Declares a group of browser tests, skipped if there is no browser. */
export function describeInBrowser(name: string, tests: () => void): void {
  describe.skipIf(!chromium)(name, tests);
}

/** Stack, API and browser shared by the tests of a group. */
export interface PageSetup {
  readonly stack: TestStack;
  readonly api: TestApi;
  /** Opens a page of the API in a new browser context. */
  visit(options?: Partial<Parameters<typeof visit>[1]>): Promise<Visit>;
}

/**
 * Starts stack, API and browser before the tests of a group, and stops them afterwards.
 * @param prepare runs before the API starts
 * @param settings settings of the API in addition to those of the stack
 * @param model default model; `mock` costs little, for tests that do not look at what is detected
 * @param variables returns settings of the stack, when it is started
 * @param cameras folder of files that cameras read; without it, no worker for cameras is started
 */
export function usePageSetup({
  prepare,
  settings,
  model,
  variables,
  cameras,
}: {
  readonly prepare?: (stack: TestStack) => Promise<void>;
  readonly settings?: Settings;
  readonly model?: string;
  readonly variables?: () => Settings;
  readonly cameras?: { readonly folder: string };
} = {}): PageSetup {
  let stack: TestStack;
  let api: TestApi;
  let browser: Browser;
  beforeAll(async () => {
    stack = cameras
      ? await startStack(cameraSettings(cameras.folder), [], undefined, ALL_WORKERS)
      : await startStack({ ...(model && { VIDETTE_MODEL: model }), ...variables?.() });
    await prepare?.(stack);
    api = await startApi(stack, settings);
    browser = await launch(chromium!); // skipped without a browser
  });
  afterAll(async () => {
    await browser?.close();
    await api?.stop();
    await stack?.close();
  });
  return {
    get stack() {
      return stack;
    },
    get api() {
      return api;
    },
    visit: (options) => visit(browser, { baseURL: api.url, ...options }),
  };
}

const cameraSettings = (folder: string): Settings => ({
  VIDETTE_FILE_ROOT: folder,
  VIDETTE_CAMERA_NETWORKS: '127.0.0.0/8',
});
