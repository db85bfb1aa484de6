import { join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Default timeout of page actions, sized for a slow machine. */
const TIMEOUT_MS = 120_000;

/** Impact levels of axe violations that fail a test. */
const SERIOUS = ['serious', 'critical'];

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS });

/** Page with the foreign requests and the errors that it caused. */
export interface Visit {
  readonly page: Page;
  /** URLs of requests to another server. */
  readonly foreign: readonly string[];
  /** Console and script errors, including violations of the content security policy. */
  readonly errors: readonly string[];
}

/** Opens a page of the server at `baseURL` in a new browser context, without transitions of colours. */
export async function visit(
  browser: Browser,
  options: BrowserContextOptions & { readonly baseURL: string },
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== options.baseURL) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  return { page, foreign, errors };
}

/** Changes the colour scheme, and resolves when the page shows it. */
export async function showScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-bs-theme=${colorScheme}]`).waitFor();
}

/** Saves a screenshot in the folder `VIDETTE_SCREENSHOTS`, if it is set. */
export async function saveScreenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['VIDETTE_SCREENSHOTS'];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

/**
 * Saves screenshots of a wide and a narrow window in light and dark colours, if the folder is set, and
 * checks that the narrow one needs no scrolling sideways. The window keeps the wide size.
 * @returns the width of the page in the narrow window
 */
export async function saveScreenshots(page: Page, name: string): Promise<number> {
  let narrowest = 0;
  for (const size of SIZES.toReversed()) {
    await page.setViewportSize(size);
    if (size.width < SIZES[0].width) {
      narrowest = await page.evaluate(() => document.documentElement.scrollWidth);
    }
    for (const colorScheme of ['dark', 'light'] as const) {
      await showScheme(page, colorScheme);
      await saveScreenshot(page, `${name}-${size.width}-${colorScheme}`);
    }
  }
  return narrowest;
}

declare global {
  interface Window {
    /** Set by the script of axe, which runs on the page. */
    readonly axe: typeof axe;
  }
}

/** Returns the serious and critical axe violations, one line each. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source); // through the debugger: the page's policy blocks injected scripts
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => SERIOUS.includes(impact ?? ''))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Drops a file onto an element. */
export async function dropFile(
  page: Page,
  selector: string,
  file: { readonly name: string; readonly type: string; readonly bytes: Buffer },
): Promise<void> {
  const { name, type } = file;
  const dropped = { name, type, base64: file.bytes.toString('base64') };
  const dataTransfer = await page.evaluateHandle(({ name, type, base64 }) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, { type }));
    return transfer;
  }, dropped);
  await page.dispatchEvent(selector, 'drop', { dataTransfer });
}
