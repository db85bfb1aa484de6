import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { ZoneReport, ZoneSet } from '../../client/index.js';
import { renderSample } from '../../sample/render.js';
import { json } from '../support/api.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshots, seriousViolations } from './browser.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const VIDEO = 'sample';
const LAYER = '.zone-layer.is-edited';
/** Time in milliseconds between a moment that is shown and one of the video. */
const TOLERANCE_MS = 50;

type Share = readonly [x: number, y: number];
const LEFT: readonly Share[] = [
  [0.05, 0.1],
  [0.45, 0.1],
  [0.45, 0.95],
  [0.05, 0.95],
];
/** Vertical line of the whole frame: its right, when it points down, is the left of the frame. */
const MIDDLE: readonly Share[] = [
  [0.5, 0.02],
  [0.5, 0.98],
];

describeInBrowser('zones and lines on the page of a job', () => {
  const prepare = async (stack: TestStack) => {
    const path = join(stack.folder, 'sample.mp4');
    await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    for (const video of [VIDEO, 'other', 'small']) await stack.putVideo(video, path);
    const job = { video_id: VIDEO, every: 5 } as const;
    await stack.run({ ...job, event_id: 'followed', tracking: true });
    await stack.run({ ...job, event_id: 'plain', every: 10, frames: 'none' });
    for (const video_id of ['other', 'small']) {
      await stack.run({ video_id, event_id: video_id, every: 125, frames: 'none' });
    }
  };
  const setup = usePageSetup({ prepare });
  const open = async (job: string, options?: Parameters<typeof setup.visit>[0]) => {
    const visit = await setup.visit(options);
    await visit.page.goto(`/#/job/${job}`);
    await visit.page.locator('.zones').waitFor();
    return visit;
  };
  const button = (page: Page, name: string | RegExp) =>
    page.locator('.zones').getByRole('button', { name, exact: typeof name === 'string' });
  const storedZones = (video: string) =>
    json<ZoneSet>(setup.api.at(`/videos/${video}/zones/default`));

  /** Returns where a share of the frame is in the window. */
  const placeOf = async (page: Page, [x, y]: Share): Promise<Share> => {
    await page.locator(LAYER).evaluate((layer) => layer.scrollIntoView({ block: 'nearest' }));
    const box = (await page.locator(LAYER).boundingBox())!; // it is shown
    return [box.x + x * box.width, box.y + y * box.height];
  };
  const clickAt = async (page: Page, share: Share) =>
    page.mouse.click(...(await placeOf(page, share)));
  const drag = async (page: Page, from: Share, to: Share) => {
    await page.mouse.move(...(await placeOf(page, from)));
    await page.mouse.down();
    await page.mouse.move(...(await placeOf(page, to)), { steps: 4 });
    await page.mouse.up();
  };
  const expectNear = (points: readonly (readonly number[])[], expected: readonly Share[]) => {
    expect(points).toHaveLength(expected.length);
    for (const [i, point] of points.entries()) {
      expect(point[0]).toBeCloseTo(expected[i]![0], 1.5);
      expect(point[1]).toBeCloseTo(expected[i]![1], 1.5);
    }
  };

  it('are drawn by clicks, stored for the video, and counted', async () => {
    const { page, errors } = await open('followed');
    await page.getByText('No zones or lines yet').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    expect(await saveScreenshots(page, 'zones-empty')).toBe(390);
    await button(page, 'Draw a zone').click();
    for (const corner of LEFT) await clickAt(page, corner);
    await clickAt(page, LEFT[0]!);
    await page.keyboard.type('left-side');
    await button(page, 'New line').click();
    for (const end of MIDDLE) await clickAt(page, end);
    await page.keyboard.type('middle');
    await page.getByLabel('Reverse the direction of middle').click();
    await button(page, 'Undo').click();
    expect(await page.locator('.zone-shape').count()).toBe(2);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await saveScreenshots(page, 'zones-edited')).toBe(390);
    await button(page, 'Save zones').click();
    await page.getByRole('region', { name: 'Counts of zones and lines' }).waitFor();
    const { zones } = await storedZones(VIDEO);
    expect(zones.map(({ name, kind }) => [name, kind])).toEqual([
      ['left-side', 'zone'],
      ['middle', 'line'],
    ]);
    expectNear(zones[0]!.points, LEFT);
    expectNear(zones[1]!.points, MIDDLE);
    const report = await json<ZoneReport>(setup.api.at('/jobs/followed/zones'));
    const [zone, line] = report.totals;
    expect([zone!.entered, zone!.left, line!.in, line!.out].every((count) => count > 0)).toBe(true);
    const rows = page.locator('.zone-report tbody').first().locator('tr');
    const cells = await Promise.all(
      (await rows.all()).map((row) => row.locator('th, td').allTextContents()),
    );
    const zoneCells = [String(zone!.entered), String(zone!.left), '–', '–'];
    expect(cells.map((row) => row.slice(0, 5))).toEqual([
      ['left-side', ...zoneCells],
      ['middle', '–', '–', String(line!.in), String(line!.out)],
    ]);
    await page.getByText('Counts per minute (').click();
    await page.getByText(/^Events \(/).click();
    expect(await seriousViolations(page)).toEqual([]);
    expect(await saveScreenshots(page, 'zones-counted')).toBe(390);
    expect(errors).toEqual([]);
  });

  it('show their events in the timeline, and who is inside at the moment shown', async () => {
    const { page } = await open('followed');
    const { events } = await json<ZoneReport>(setup.api.at('/jobs/followed/zones'));
    const label = page.locator('.timeline-label.zone-events');
    await label.getByText(String(events.length), { exact: true }).waitFor();
    const shownMs = async () =>
      page
        .locator('.player-stage video')
        .evaluate((video: HTMLVideoElement) => video.currentTime * 1000);
    const waitForMs = (timeMs: number) =>
      expect.poll(async () => Math.abs((await shownMs()) - timeMs)).toBeLessThan(TOLERANCE_MS);
    await page.getByRole('button', { name: 'Next zone event' }).click();
    const next = events.find(({ time_ms }) => time_ms > 2)!;
    await waitForMs(next.time_ms);
    const entered = events.find(({ kind, time_ms }) => kind === 'entered' && time_ms > 0)!;
    const strip = page.locator('canvas.zone-events');
    const { width } = (await strip.boundingBox())!;
    await strip.click({ position: { x: (entered.time_ms / 20_000) * width, y: 10 } });
    await waitForMs(entered.time_ms);
    const nearest = events.find(({ time_ms }) => time_ms === entered.time_ms)!;
    await page.locator('.zone-event-text').getByText(nearest.zone).waitFor();
    const inside = events.reduce((sum, { zone, kind, time_ms }) => {
      if (zone !== 'left-side' || time_ms > entered.time_ms) return sum;
      return sum + (kind === 'entered' ? 1 : -1);
    }, 0);
    const cell = page
      .locator('.zone-report tbody')
      .first()
      .locator('tr')
      .first()
      .locator('td')
      .last();
    await expect.poll(() => cell.textContent()).toBe(String(inside));
    await page.getByText(/^Events \(/).click();
    const last = page
      .getByRole('region', { name: 'Events at zones and lines' })
      .getByRole('button')
      .last();
    await last.press('Enter');
    await waitForMs(events.at(-1)!.time_ms);
  });

  it('are edited by keyboard alone', async () => {
    const { page } = await open('other');
    await button(page, 'Draw a zone').focus();
    await page.keyboard.press('Enter');
    const focused = page.locator(`${LAYER} .zone-corner:focus`);
    await focused.waitFor();
    const label = async () => (await focused.getAttribute('aria-label'))!;
    expect(await label()).toMatch(
      /^Corner 1 of 4 of zone-1: 33 % from the left, 33 % from the top/,
    );
    for (let i = 0; i < 10; i++) await page.keyboard.press('ArrowLeft');
    expect(await label()).toMatch(/23 % from the left, 33 % from the top/);
    await page.keyboard.press('Shift+ArrowDown');
    expect(await label()).toMatch(/23 % from the left, 35 % from the top/);
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Tab');
    expect(await label()).toMatch(/^Corner 2/);
    await page.keyboard.press('Delete');
    expect(await page.locator('.zone-corner').count()).toBe(3);
    await button(page, 'Save zones').press('Enter');
    await page.getByText('This job has no tracks').waitFor();
    const { zones } = await storedZones('other');
    expect(zones[0]!.points[0]![0]).toBeCloseTo(0.23, 2);
    expect(zones[0]!.points).toHaveLength(3);
  });

  it('are edited by touch in a narrow window, and by dragging', async () => {
    const { page } = await open('small', { hasTouch: true, viewport: { width: 390, height: 844 } });
    await button(page, 'Draw a line').tap();
    for (const end of MIDDLE) await page.touchscreen.tap(...(await placeOf(page, end)));
    await page.locator('.zone-shape').waitFor();
    const finger = await page.context().newCDPSession(page);
    const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', share?: Share) => {
      const [x, y] = share ? await placeOf(page, share) : [0, 0];
      await finger.send('Input.dispatchTouchEvent', { type, touchPoints: share ? [{ x, y }] : [] });
    };
    await touch('touchStart', MIDDLE[1]);
    await touch('touchMove', [0.6, 0.8]);
    await touch('touchMove', [0.8, 0.5]);
    await touch('touchEnd');
    // Clicks: a tap right after another touch is lost now and then.
    await button(page, 'Save zones').click();
    await page.getByText('This job has no tracks').waitFor();
    expectNear((await storedZones('small')).zones[0]!.points, [MIDDLE[0]!, [0.8, 0.5]]);
    await button(page, 'Edit zones').click();
    await drag(page, [0.8, 0.5], [0.3, 0.9]);
    await button(page, 'Cancel').click();
    expectNear((await storedZones('small')).zones[0]!.points, [MIDDLE[0]!, [0.8, 0.5]]);
    await button(page, 'Edit zones').click();
    await page.getByLabel('Delete line-1').click();
    await button(page, 'Save zones').click();
    await page.getByText('No zones or lines yet').waitFor();
    expect((await setup.api.at('/videos/small/zones/default')).status).toBe(404);
  });

  it('name what is wrong with a shape, and keep it', async () => {
    const { page } = await open('small');
    await button(page, 'Draw a zone').click();
    for (const i of [0, 2, 1, 3]) await clickAt(page, LEFT[i]!);
    await button(page, 'Finish').click();
    await button(page, 'Save zones').click();
    await page.getByText('The sides of zone-1 cross each other').waitFor();
    await page.getByLabel('Name of zone 1').fill('a b');
    await button(page, 'Save zones').click();
    await page.getByText('Name “a b”').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('of a job without tracks lead to one that has them', async () => {
    const { page } = await open('plain');
    await page.getByText('This job has no tracks').waitFor();
    expect(await page.locator('.zone-shape').count()).toBe(2);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await saveScreenshots(page, 'zones-no-tracks')).toBe(390);
    await button(page, 'Make tracks').click();
    await page.waitForURL(/#\/job\/(?!plain)/);
    await page.getByRole('region', { name: 'Counts of zones and lines' }).waitFor();
  });

  it('have several names, which are chosen', async () => {
    const { page } = await open('followed');
    await button(page, 'New name …').click();
    await page.getByRole('dialog').getByLabel('Name').fill('default');
    await page.getByRole('dialog').getByRole('button', { name: 'Draw zones' }).click();
    await page.getByText('The video has zones named default already.').waitFor();
    await page.getByRole('dialog').getByLabel('Name').fill('door');
    await page.getByRole('dialog').getByRole('button', { name: 'Draw zones' }).click();
    await button(page, 'New line').click();
    for (const end of MIDDLE) await clickAt(page, end);
    await button(page, 'Save zones').click();
    const choice = page.getByLabel('Named zones');
    await choice.waitFor();
    expect(await choice.inputValue()).toBe('door');
    await choice.selectOption('default');
    await page.locator('.zone-name', { hasText: 'left-side' }).waitFor();
    expect(await page.locator('.zone-name', { hasText: 'line-1' }).count()).toBe(0);
  });

  it('are read again after an error', async () => {
    const { page } = await setup.visit();
    await page.route('**/api/v1/videos/*/zones*', (route) => route.abort());
    await page.goto('/#/job/followed');
    const alert = page.locator('.zones .state-error');
    await alert.waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.unroute('**/api/v1/videos/*/zones*');
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'Counts of zones and lines' }).waitFor();
  });
});
