import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { saveScreenshot } from './browser.js';
import { expectAccessible, useCameraSetup } from './camera-setup.js';
import { describeInBrowser } from './page-setup.js';

describeInBrowser('states of cameras', () => {
  const setup = useCameraSetup();
  let uuid: string;
  beforeAll(async () => {
    uuid = await setup.deploy();
  });

  it.each([
    { name: 'live', state: 'live', tone: 'seen' },
    { name: 'unreachable', state: 'unreachable', tone: 'camera' },
    { name: 'login refused', state: 'refused', tone: 'camera' },
    { name: 'image frozen', state: 'frozen', tone: 'camera' },
    { name: 'overloaded', state: 'overloaded', tone: 'machine' },
    { name: 'waiting', state: 'waiting', tone: 'waiting' },
  ])('shows the state $state of a camera with its message', async ({ name, state, tone }) => {
    const streams = await setup.list();
    const message = 'What happened, and what to do.';
    const { page } = await setup.open('#/system');
    await page.route(/\/api\/v1\/streams\?/, (route) =>
      route.fulfill({
        json: { streams: streams.map((s) => ({ ...s, state, message })), next: null },
      }),
    );
    await page.evaluate(() => (location.hash = '#/cameras'));
    const tile = page.locator(`[data-scenario="${uuid}"]`);
    await tile.locator(`.status-${tone}`, { hasText: name }).waitFor();
    expect(await tile.getByText(message).count()).toBe(state === 'live' ? 0 : 1);
    await expectAccessible(page);
  });

  it('keeps the cameras while the API is away, and continues when it is back', async () => {
    const { page } = await setup.open('#/cameras');
    const tile = page.locator(`[data-scenario="${uuid}"]`);
    await tile.waitFor();
    await page.context().setOffline(true);
    await page.getByText('This page reconnects automatically').waitFor();
    expect(await tile.count()).toBe(1);
    await saveScreenshot(page, 'cameras-offline');
    await page.evaluate((hash) => (location.hash = hash), `#/camera/${uuid}`);
    await page.getByText('Check that it is running').waitFor();
    await page.context().setOffline(false);
    await page.getByRole('heading', { name: 'street.mp4' }).waitFor();
  });

  it.each(['#/camera/nothing-like-it', `#/camera/${randomUUID()}`])('reports %s', async (hash) => {
    const { page } = await setup.open(hash);
    await page.getByRole('heading', { name: 'Camera not found', level: 1 }).waitFor();
    await page.getByText('does not exist').waitFor();
    await page.getByRole('link', { name: 'All cameras' }).click();
    await page.getByRole('heading', { name: 'Cameras' }).waitFor();
  });

  it('reports an unknown page', async () => {
    const { page } = await setup.open('#/nothing-like-it');
    await page.getByRole('heading', { name: 'Page not found', level: 1 }).waitFor();
    await page.getByText('The page “#/nothing-like-it” does not exist.').waitFor();
    await page.getByRole('link', { name: 'All jobs' }).click();
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
  });

  it('counts cameras and queues on the system page', async () => {
    const { page } = await setup.open('#/system');
    await page.locator('section', { hasText: 'Cameras' }).getByText('Live').waitFor();
    await page
      .locator('section', { hasText: 'Jobs' })
      .getByText(/waiting, 1 worker/)
      .first()
      .waitFor();
    await saveScreenshot(page, 'system-cameras');
  });

  it.each([
    ['the wall', () => '#/cameras', '.camera-tile'],
    ['the form', () => '#/add-camera', '.rule-list'],
    ['a camera', () => `#/camera/${uuid}`, '.results'],
  ])('fits %s to phones and screens, light and dark', async (name, hashOf, content) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [390, 1440]) {
        const viewport = { width, height: 900 };
        const { page } = await setup.open(hashOf(), { colorScheme, viewport });
        await page.locator(content).first().waitFor({ state: 'attached' });
        await saveScreenshot(page, `cameras-${name}-${width}-${colorScheme}`);
        await expectAccessible(page);
        const isTooWide = await page.evaluate(
          () => document.documentElement.scrollWidth > innerWidth,
        );
        expect(isTooWide).toBe(false);
        await page.context().close();
      }
    }
  });
});
