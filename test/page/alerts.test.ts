import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AlertRule } from '../../domain/alert/alert-rule.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startReceiver, type TestReceiver } from '../support/webhook-receiver.js';
import { saveScreenshots, seriousViolations, showScheme } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const NARROW = 390;
const VIDEO = 'alerts-page';
/** Sampled frames are 0.8 s apart; each makes an alert. */
const EVERY = 20;
const SAMPLED = 30;
const RULE = { name: 'at-door', classes: ['mock-large'], quiet_s: 0.5, cooldown_s: 10 };
const channels: AlertRule['channels'] = [{ kind: 'ntfy', topic: 'garage' }];
const REFUSED = 403;

describeInBrowser('alerts page', () => {
  let ntfy: TestReceiver;
  beforeAll(async () => {
    // The three alerts that are due, the test that arrives, and the one that is refused.
    ntfy = await startReceiver({ answers: [200, 200, 200, 200, REFUSED] });
  });
  afterAll(() => ntfy?.close());
  const setup = usePageSetup({
    model: 'mock',
    variables: () => ({ VIDETTE_NTFY_URL: new URL(ntfy.url).origin }),
    prepare: async (stack) => {
      const path = join(stack.folder, 'clip.mp4');
      const kind = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;
      await makeClip({ ...kind, frames: EVERY * SAMPLED }, path);
      await stack.putVideo(VIDEO, path);
    },
  });
  let page: Page;
  let errors: readonly string[];
  beforeEach(async () => {
    ({ page, errors } = await setup.visit());
  });

  const list = () => page.getByRole('region', { name: 'List of alerts' });
  /** Checks both sizes in both colour schemes. */
  const checkLook = async (name: string) => {
    expect(await saveScreenshots(page, name)).toBeLessThanOrEqual(NARROW);
    for (const colorScheme of ['dark', 'light'] as const) {
      await showScheme(page, colorScheme);
      expect(await seriousViolations(page)).toEqual([]);
    }
  };

  it('lists none at first, and is reached from the header', async () => {
    await page.goto('/#/jobs');
    await page.getByRole('link', { name: 'Alerts', exact: true }).click();
    await page.getByText('No alerts yet').waitFor();
    await checkLook('alerts-empty');
    expect(errors).toEqual([]);
  });

  it('shows what was sent and suppressed, with frames and links to the moment', async () => {
    // The workflow fills in the defaults of the rule.
    const alerts = [{ ...RULE, channels }] as AlertRule[];
    await stackRun('alerts-page-job', alerts);
    await page.goto('/#/alerts?job=alerts-page-job');
    const newest = list().getByRole('listitem').first();
    await newest.getByText('suppressed').waitFor();
    await newest.getByText('Not sent: in the cool-down after another alert.').waitFor();
    expect(await list().getByRole('listitem').count()).toBe(20);
    await page.getByRole('button', { name: 'Older alerts' }).click();
    const older = page.getByRole('list', { name: 'Older alerts' });
    await expect.poll(() => older.getByRole('listitem').count()).toBe(SAMPLED - 20);
    await page.getByText('ntfy gar…: sent').last().waitFor();
    expect(await page.getByText('ntfy gar…: sent').count()).toBe(3);
    const image = older.locator('img').last();
    await image.scrollIntoViewIfNeeded();
    const width = () => image.evaluate((each: HTMLImageElement) => each.naturalWidth);
    await expect.poll(width).toBeGreaterThan(0);
    await checkLook('alerts');
    expect(errors).toEqual([]);
    await list().getByRole('link', { name: 'Show 0:23.2 of the job, at-door' }).click();
    await expect.poll(() => page.url()).toContain('#/job/alerts-page-job?t=23.2');
  });

  it('shows the alerts of one rule, or that there are none', async () => {
    await page.goto('/#/alerts?rule=at-window');
    await page.getByText('No such alerts').waitFor();
    await page.getByRole('link', { name: 'Show all alerts' }).click();
    await list().getByRole('heading', { name: 'at-door' }).first().waitFor();
  });

  it('sends a test, and shows why another one was refused', async () => {
    await page.goto('/#/alerts');
    const dialog = page.getByRole('dialog', { name: 'Send a test' });
    const send = async () => {
      await page.getByRole('button', { name: 'Send a test' }).click();
      await dialog.getByLabel('Channel').selectOption('ntfy');
      await dialog.getByLabel('Topic').fill('garage');
      await dialog.getByRole('button', { name: 'Send' }).click();
    };
    await send();
    await page.getByText('The test was sent.').waitFor();
    await dialog.waitFor({ state: 'detached' });
    await send();
    await dialog.getByText(`replied with status ${REFUSED}`).waitFor();
    await checkLook('alerts-test-refused');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await list().getByText(`replied with status ${REFUSED}`).waitFor();
    expect(ntfy.messages.slice(3).map(({ headers }) => headers['title'])).toEqual([
      ...['Vidette: test', 'Vidette: test'],
    ]);
    expect(errors).toEqual([]);
  });

  it('reports an error, and tries again on request', async () => {
    const path = '**/api/v1/alerts';
    await page.route(path, (route) => route.fulfill({ status: 500, body: 'broken' }));
    await page.goto('/#/alerts');
    await page.getByText('The request failed with status 500.').waitFor();
    await checkLook('alerts-error');
    await page.unroute(path);
    await page.getByRole('button', { name: 'Try again' }).click();
    await list().getByRole('listitem').first().waitFor();
  });

  async function stackRun(event_id: string, alerts: AlertRule[]): Promise<void> {
    await setup.stack.run({ video_id: VIDEO, event_id, every: EVERY, alerts });
    await expect.poll(() => ntfy.messages.length, { timeout: 30_000 }).toBe(3);
  }
});
