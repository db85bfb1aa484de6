import { describe, expect, it } from 'vitest';
import { findBrowser, openUrl } from './page.js';

describe('findBrowser', () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string | undefined]>([
    ['darwin', {}, 'open'],
    ['linux', { DISPLAY: ':0' }, 'xdg-open'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
    ['linux', { DISPLAY: '' }, undefined],
    ['linux', {}, undefined],
  ])('on %s with %o: %s', (platform, environment, expected) => {
    expect(findBrowser(platform, environment)).toBe(expected);
  });
});

describe('openUrl', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['a-browser-that-is-not-installed', false],
  ])('reports whether %s accepted the URL: %s', async (browser, accepted) => {
    expect(await openUrl(browser, 'http://127.0.0.1:8080/#/jobs')).toBe(accepted);
  });
});
