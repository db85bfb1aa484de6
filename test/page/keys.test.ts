import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { commandOn } from '../support/command-line.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshot, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const CLIP = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;

describeInBrowser('page of an API with keys', () => {
  const prepare = async (stack: TestStack) => {
    const path = join(stack.folder, 'clip.mp4');
    await makeClip(CLIP, path);
    await stack.putVideo('clip', path);
    await stack.run({ video_id: 'clip', event_id: 'clip' });
  };
  const setup = usePageSetup({ prepare, settings: { VIDETTE_API_AUTH: 'keys' } });
  const makeKey = async (name: string, scopes: string) => {
    const made = await commandOn(setup.stack, 'keys', 'create', name, '--scopes', scopes);
    return (made as { key: string }).key;
  };

  it('asks for a key, signs in and signs out', async () => {
    const key = await makeKey('reader', 'read');
    const { page } = await setup.visit();
    await page.goto('/#/job/clip');
    await page.getByRole('dialog').waitFor();
    await saveScreenshot(page, 'key-dialog');
    expect(await seriousViolations(page)).toEqual([]);
    await enter(page, 'vidette_unknown');
    await page.getByText('This key is unknown').waitFor();
    await saveScreenshot(page, 'key-wrong');
    await enter(page, key);
    await page.locator('.player-stage canvas[data-frame="0"]').waitFor();
    await page.locator('.frame-cell[data-drawn]:not(.is-blank)').first().waitFor();
    await page.getByText('Export', { exact: true }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    expect(await (await download).failure()).toBeNull();
    await saveScreenshot(page, 'key-signed-in');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await page.locator('video').count()).toBe(0);
  });

  it('reports a missing scope', async () => {
    const page = await signedIn(await makeKey('viewer', 'read'));
    await page.goto('/#/job/clip');
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    const alert = page.getByRole('dialog').getByRole('alert');
    await alert.filter({ hasText: 'write' }).waitFor();
    await saveScreenshot(page, 'key-without-scope');
  });

  it('follows a job, and asks for another key after a revocation', async () => {
    const page = await signedIn(await makeKey('revoked', 'read,write'));
    await page.goto('/#/jobs');
    await page.locator('.job-row').waitFor();
    await commandOn(setup.stack, 'keys', 'revoke', 'revoked');
    await page.getByRole('dialog').waitFor();
    await enter(page, await makeKey('replacement', 'read,write'));
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.locator('.job-row').waitFor();
    await page.locator('.job-row').getByRole('link', { name: 'clip', exact: true }).click();
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.waitForURL((url) => !url.hash.endsWith('/clip'));
    await page.locator('.status-ready').waitFor();
  });

  const signedIn = async (key: string) => {
    const { page } = await setup.visit();
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
