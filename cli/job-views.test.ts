import { expect, it } from 'vitest';
import type { JobProgress } from '../client/index.js';
import { clip, createJobViews, nameWidth, shortProgress } from './job-views.js';
import { createOutput, type Output } from './output.js';

const PROGRESS: JobProgress = {
  event_id: 'e1',
  status: 'processing',
  stage: 'probing',
  frames_done: 0,
  frames_total: 0,
  skipped: 0,
  objects: 0,
  fps: 0,
  eta_s: null,
  started_at: '2026-01-01T00:00:00.000Z',
};

it('prints the stage of each job, and counts the jobs that have closed', () => {
  const lines: string[] = [];
  const step: Output['step'] = (message) => void lines.push(message);
  const out = { ...createOutput({ json: false, level: 'info' }), step };
  const views = createJobViews(out, ['a.mp4', 'b.mp4', 'c.mp4'], false);
  const [first, second] = [views.add('a.mp4'), views.add('b.mp4')];
  first.update(PROGRESS);
  second.update({ ...PROGRESS, stage: 'detecting', frames_done: 5, frames_total: 10 });
  views.close(first, 'failed');
  views.close(second, 'ready');
  views.stop();
  expect(lines).toEqual([
    'a.mp4: probing',
    'b.mp4: detecting: 5 of 10 frames (50 %)',
    '1 failed, 2 running',
    '1 ready, 1 failed, 1 running',
  ]);
});

it.each([
  [['a.mp4', 'bb.mp4'], 120, 6],
  [['a'.repeat(90)], 120, 58],
  [['a'.repeat(90)], 40, 12],
  [[], 80, 0],
])('fits names %j into %i columns', (names, columns, width) => {
  expect(nameWidth(names, columns)).toBe(width);
});

it('shortens a name in its middle', () => {
  expect(clip('a-long-name.mp4', 9)).toBe('a-lo….mp4');
  expect(clip('short.mp4', 9)).toBe('short.mp4');
});

it.each([
  [{}, 'probing'],
  [{ stage: 'detecting', frames_done: 5, frames_total: 10 } as const, '5 of 10'],
  [
    { stage: 'detecting', frames_done: 5, frames_total: 10, fps: 2.5, eta_s: 2 } as const,
    '5 of 10, 2.5 fps, 2.0 s left',
  ],
  [{ error: { code: 'JOB_STUCK', message: 'no worker' } }, 'probing: no worker'],
])('shows the progress %j beside a bar', (changes, text) => {
  expect(shortProgress({ ...PROGRESS, ...changes })).toBe(text);
});
