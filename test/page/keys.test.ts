import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownEnvironment } from '../../config.js';
import { projectFile } from '../../project-file.js';
import { startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startStack, type TestStack } from '../support/stack.js';
import { findChromium, keepPicture, launch, seriousViolations, visit } from './browser.js';

const CLIP = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;
const chromium = findChromium();

let stack: TestStack;
let api: TestApi;
let browser: Browser;

describe.skipIf(!chromium)('the page of an API with keys', () => {
  beforeAll(async () => {
    stack = await startStack();
    const path = join(stack.folder, 'clip.mp4');
    await makeClip(CLIP, path);
    await stack.putVideo('clip', path);
    await stack.run({ video_id: 'clip', event_id: 'clip' });
    api = await startApi(stack, { VIDETTE_API_AUTH: 'keys' });
    browser = await launch(chromium!);
  });
  afterAll(async () => {
    await browser?.close();
    await api?.stop();
    await stack?.close();
  });

  it('asks for a key, shows all with one, and forgets it', async () => {
    const key = await makeKey('reader', 'read');
    const { page } = await visit(browser, { baseURL: api.url });
    await page.goto('/#/job/clip');
    await page.getByRole('dialog').waitFor();
    await keepPicture(page, 'key-dialog');
    expect(await seriousViolations(page)).toEqual([]);
    await enter(page, 'vidette_of_nobody');
    await page.getByText('This key is not known').waitFor();
    await keepPicture(page, 'key-wrong');
    await enter(page, key);
    await page.locator('.player-stage canvas[data-frame="0"]').waitFor();
    await page.locator('.frame-cell[data-drawn]:not(.is-blank)').first().waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    expect(await (await download).failure()).toBeNull();
    await keepPicture(page, 'key-signed-in');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await page.locator('video').count()).toBe(0);
  });

  it('says what a key may not do', async () => {
    const page = await signedIn(await makeKey('looker', 'read'));
    await page.goto('/#/job/clip');
    await page.getByRole('button', { name: 'Run again' }).click();
    const message = page.locator('#messages .alert-danger');
    await message.waitFor();
    expect(await message.textContent()).toMatch(/write/);
    await keepPicture(page, 'key-without-right');
  });

  it('follows a job with a key, and asks for another when it is revoked', async () => {
    const page = await signedIn(await makeKey('leaver', 'read,write'));
    await page.goto('/#/jobs');
    await page.locator('.job-row').waitFor();
    await vidette('keys', 'revoke', 'leaver');
    await page.getByRole('dialog').waitFor();
    await enter(page, await makeKey('comer', 'read,write'));
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('.job-row').waitFor();
    await page.getByRole('link', { name: 'clip', exact: true }).click();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.waitForURL((url) => !url.hash.endsWith('/clip'));
    await page.locator('.status-ready').waitFor();
  });

  const signedIn = async (key: string) => {
    const { page } = await visit(browser, { baseURL: api.url });
    await page.goto('/');
    await enter(page, key);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    return page;
  };
});

async function enter(page: Page, key: string): Promise<void> {
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.keyboard.press('Enter');
}

async function makeKey(name: string, scopes: string): Promise<string> {
  const { key } = (await vidette('keys', 'create', name, '--scopes', scopes)) as { key: string };
  return key;
}

async function vidette(...args: string[]): Promise<unknown> {
  const command = [projectFile('dist/client/cli/main.js'), '--json', ...args];
  const env = { ...ownEnvironment(), ...stack.settings, VIDETTE_DATA_DIR: stack.folder };
  const { stdout } = await execa(process.execPath, command, { env });
  return JSON.parse(stdout) as unknown;
}
