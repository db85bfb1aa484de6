import { afterEach, describe, expect, it, vi } from 'vitest';
import { partRange, sendParts } from './send-parts.js';

const state = { upload_id: 'u', size: 40, part_size: 16, parts: 3, arrived: [], missing: [] };

it.each([
  [1, [0, 16]],
  [2, [16, 32]],
  [3, [32, 40]],
])('assigns part %i the bytes %j', (part, range) => {
  expect(partRange(part, state)).toEqual(range);
});

describe('sendParts', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** Uploads one part, whose first request fails; returns the URLs of its requests. */
  async function send(failure: 'disconnected' | 403, refresh: () => Promise<Response>) {
    const urls: string[] = [];
    vi.stubGlobal('fetch', refresh);
    vi.stubGlobal('XMLHttpRequest', requestClass(urls, failure));
    await sendParts({
      file: new File(['part'], 'a.mp4'),
      state: { ...state, size: 4, parts: 1, missing: [{ part: 1, url: 'http://store/old' }] },
      signal: AbortSignal.timeout(20_000),
      onSent: () => undefined,
    });
    return urls;
  }
  const renewed = () => Response.json({ missing: [{ part: 1, url: 'http://store/new' }] });

  it.each(['disconnected', 403] as const)('requests new URLs after %s', async (failure) => {
    const urls = await send(failure, () => Promise.resolve(renewed()));
    expect(urls).toEqual(['http://store/old', 'http://store/new']);
  });

  it('tries the same URL again if the API cannot be reached', async () => {
    const urls = await send('disconnected', () => Promise.reject(new TypeError('no network')));
    expect(urls).toEqual(['http://store/old', 'http://store/old']);
  });
});

/** A class like XMLHttpRequest: its first request fails, later ones succeed. */
function requestClass(urls: string[], failure: 'disconnected' | 403) {
  return class {
    status = 0;
    readonly responseText = '';
    readonly upload = {};
    onload?: () => void;
    onerror?: () => void;
    onloadend?: () => void;
    open(_method: string, url: string) {
      this.status = urls.length === 0 && failure === 403 ? 403 : 200;
      urls.push(url);
    }
    send() {
      const isCut = urls.length === 1 && failure === 'disconnected';
      queueMicrotask(() => {
        (isCut ? this.onerror : this.onload)?.();
        this.onloadend?.();
      });
    }
  };
}
