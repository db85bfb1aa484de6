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

/** How long a slow machine may take until something is to be seen. */
const TIMEOUT_MS = 120_000;

/** Violations that keep people out. */
const SERIOUS = ['serious', 'critical'];

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: FLAGS });

/** A page with all that it asked for, and what it complained about. */
export interface Visit {
  readonly page: Page;
  /** Addresses of requests to another server. */
  readonly foreign: readonly string[];
  /** Errors on the console and of scripts; among them what the content security policy refused. */
  readonly complaints: readonly string[];
}

/** A page of the server at `baseURL`, in a context of its own. */
export async function visit(
  browser: Browser,
  options: BrowserContextOptions & { readonly baseURL: string },
): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const foreign: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== options.baseURL) foreign.push(request.url());
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, foreign, complaints };
}

/** Keeps a picture of the page where `VIDETTE_SCREENSHOTS` names a folder. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['VIDETTE_SCREENSHOTS'];
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** What axe finds serious or critical, one line each. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source); // by the debugger: the page's policy lets no script in
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(),
  );
  return violations
    .filter(({ impact }) => SERIOUS.includes(impact ?? ''))
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Drops a file onto an element as a person does. */
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
