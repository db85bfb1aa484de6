import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DiffSummary } from '../../client/index.js';
import { renderSample } from '../../sample/render.js';
import type { TestStack } from '../support/stack.js';
import { saveScreenshot, seriousViolations } from './browser.js';
import { countDrawnPixels } from './overlay.js';
import { describeInBrowser, usePageSetup } from './page-setup.js';

const COMPARED = '#/diff?a=first&b=second';
const CELL = '.frame-cell[data-drawn]';

describeInBrowser('the comparison of two jobs', () => {
  const prepare = async (stack: TestStack) => {
    const path = join(stack.folder, 'sample.mp4');
    await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
    await stack.putVideo('sample', path);
    const run = (event_id: string, options: object) =>
      stack.run({ video_id: 'sample', event_id, ...options });
    await run('first', { every: 25 });
    await run('second', { every: 25, frames: 'none', preprocess: false, conf: 0.8 });
    await run('third', { every: 50, frames: 'none' });
  };
  const setup = usePageSetup({ prepare });
  const open = async (hash: string, options?: Parameters<typeof setup.visit>[0]) => {
    const visit = await setup.visit(options);
    await visit.page.goto(`/${hash}`);
    return visit;
  };
  const readSummary = async (query: string): Promise<DiffSummary> => {
    const response = await fetch(`${setup.api.url}/api/v1/diff?format=summary&${query}`);
    return (await response.json()) as DiffSummary;
  };

  it('is offered for the jobs of the same video and the same frames', async () => {
    const { page } = await open('#/job/second');
    await page.getByRole('button', { name: 'Compare with …' }).click();
    await page.locator('.compare-list a').first().waitFor();
    expect(await page.locator('.compare-list a').count()).toBe(1);
    expect(await seriousViolations(page)).toEqual([]);
    await saveScreenshot(page, 'diff-dialog');
    await page.locator('.compare-list a').press('Enter');
    await page.waitForURL(`**/${COMPARED}`);
    await page.locator(CELL).first().waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('shows the counts of the API, jumps to frames that differ, and draws both sides', async () => {
    const { page, errors } = await open(COMPARED);
    const summary = await readSummary('a=first&b=second');
    expect(summary.frames_different).toBeGreaterThan(1);
    const { frames, frames_different } = summary;
    await page.getByText(`${frames_different} of ${frames}`, { exact: true }).waitFor();
    const note = page.locator('.alert', { hasText: 'preprocess' });
    expect(await note.textContent()).toContain('conf, preprocess');
    const cell = page.locator(CELL).first();
    const frame = await cell.getAttribute('data-frame');
    await cell.click();
    await page.waitForSelector(`.player-stage canvas[data-frame="${frame}"]`);
    expect(await countDrawnPixels(page)).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Next difference' }).click();
    await page.waitForSelector(`.player-stage canvas:not([data-frame="${frame}"])`);
    await page.getByRole('button', { name: 'Previous difference' }).click();
    await page.waitForSelector(`.player-stage canvas[data-frame="${frame}"]`);
    expect(errors).toEqual([]);
  });

  it('compares again with other thresholds, which the URL keeps', async () => {
    const { page } = await open(COMPARED);
    await page.locator(CELL).first().waitFor();
    await page.getByLabel('Minimum confidence of A').fill('0.8');
    const { frames, frames_different } = await readSummary('a=first&b=second&conf_a=0.8');
    await page.getByText(`${frames_different} of ${frames}`, { exact: true }).waitFor();
    await page.waitForURL(/conf_a=0\.8/);
    await page.reload();
    await page.getByText(`${frames_different} of ${frames}`, { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Swap A and B' }).click();
    await page.waitForURL('**/#/diff?a=second&b=first&conf_b=0.8');
    await page.getByText('A: yolox_nano').waitFor();
  });

  it('renders the video of the frames that differ at its thresholds, and downloads it', async () => {
    const { page } = await open(`${COMPARED}&conf_a=0.3`);
    await page.locator(CELL).first().waitFor();
    const button = page.getByRole('button', { name: 'Video of the differences' });
    const download = page.waitForEvent('download');
    const requested = page.waitForRequest((request) => request.url().includes('/diff/video?'));
    await button.click();
    expect((await requested).url()).toContain('a=first&b=second&conf_a=0.3');
    await button.getByText('rendering').waitFor();
    expect((await download).suggestedFilename()).toBe('first.diff.mp4');
    await button.getByText('the download has started').waitFor();
    await saveScreenshot(page, 'diff-video');
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('reports that jobs without a difference have nothing to render', async () => {
    const { page } = await open('#/diff?a=first&b=first');
    const button = page.getByRole('button', { name: 'Video of the differences' });
    await button.click();
    await button.getByText('No frame differs').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  it('shows why jobs cannot be compared', async () => {
    const { page } = await open('#/diff?a=first&b=third');
    await page.getByText('every is 25 and 50').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await page.goto('/#/diff?a=first');
    await page.getByText('A comparison needs two jobs').waitFor();
  });

  it.each([1440, 390])(
    'has no serious axe violations and fits %d pixels, light and dark',
    async (width) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const viewport = { width, height: 844 };
        const { page } = await open(COMPARED, { colorScheme, viewport });
        await page.locator(CELL).first().click();
        await page.waitForLoadState('networkidle');
        await saveScreenshot(page, `diff-${width}-${colorScheme}`);
        expect(await seriousViolations(page)).toEqual([]);
        await page.getByRole('tab', { name: 'Classes' }).click();
        await page.getByRole('region', { name: 'Differences by class' }).waitFor();
        await saveScreenshot(page, `diff-classes-${width}-${colorScheme}`);
        expect(await seriousViolations(page)).toEqual([]);
        const isTooWide = await page.evaluate(
          () => document.documentElement.scrollWidth > innerWidth,
        );
        expect(isTooWide).toBe(false);
        await page.context().close();
      }
    },
  );
});
