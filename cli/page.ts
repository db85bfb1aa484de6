import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import type { Config } from '../config/index.js';

/**
 * Returns the URL of the page of the local stack, or of a job on it; undefined if it does not run, or
 * if commands use other servers.
 */
export async function findPage(config: Config, eventId?: string): Promise<string | undefined> {
  if (config.namesServers) return undefined;
  const { webAddresses } = await import('../stack/index.js');
  const api = (await webAddresses(config))?.api;
  if (api === null || api === undefined) return undefined;
  return `${api}/#/${eventId === undefined ? 'jobs' : `job/${encodeURIComponent(eventId)}`}`;
}

/** Returns the program that opens URLs in a browser; undefined without a display. */
export function findBrowser(
  platform: NodeJS.Platform,
  { DISPLAY, WAYLAND_DISPLAY }: NodeJS.ProcessEnv,
): string | undefined {
  if (platform === 'darwin') return 'open';
  return DISPLAY || WAYLAND_DISPLAY ? 'xdg-open' : undefined;
}

/** Time in which a program that cannot open a URL fails, in milliseconds. */
const OPEN_MS = 3000;

/** Opens a URL; returns whether the program accepted it. */
export async function openUrl(browser: string, url: string): Promise<boolean> {
  // Some programs run until the browser is closed: one that is still running has opened the URL.
  const opening = execa(browser, [url], {
    ...{ stdio: 'ignore', detached: true, cleanup: false, reject: false },
  });
  opening.unref();
  const ended = new AbortController();
  const isRunning = sleep(OPEN_MS, true, { signal: ended.signal }).catch(() => true);
  try {
    return await Promise.race([opening.then(({ failed }) => !failed), isRunning]);
  } finally {
    ended.abort();
  }
}
