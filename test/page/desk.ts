import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { findChromium } from '../../bench/chromium.js';
import type { Settings } from '../../stack/index.js';
import { startApi, type TestApi } from '../support/api.js';
import { startStack, type TestStack } from '../support/stack.js';
import { launch, visit, type Visit } from './browser.js';

const chromium = findChromium();
if (!chromium) console.warn('The page is not tested: no Chromium (see VIDETTE_CHROMIUM).');

/** A group of tests in a browser, which are left out where there is none. */
export function describeInBrowser(name: string, tests: () => void): void {
  describe.skipIf(!chromium)(name, tests);
}

/** A stack, an API that serves the page, and a browser, from the first test of a group to its last. */
export interface PageDesk {
  readonly stack: TestStack;
  readonly api: TestApi;
  /** A page of the API, in a context of its own. */
  visit(options?: Partial<Parameters<typeof visit>[1]>): Promise<Visit>;
}

/**
 * Opens a desk before the tests of the group that calls it, and closes it after them.
 * @param prepare is done before the API starts; `settings` are the API's beside those of the stack.
 */
export function openPageDesk({
  prepare,
  settings,
}: {
  readonly prepare?: (stack: TestStack) => Promise<void>;
  readonly settings?: Settings;
} = {}): PageDesk {
  let stack: TestStack;
  let api: TestApi;
  let browser: Browser;
  beforeAll(async () => {
    stack = await startStack();
    await prepare?.(stack);
    api = await startApi(stack, settings);
    browser = await launch(chromium!); // without one the group is left out
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
