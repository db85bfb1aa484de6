import { expect, it } from 'vitest';
import type { Batch, JobProgress } from '../client/index.js';
import { clip, createBatchView, nameWidth, shortProgress } from './batch-view.js';
import { createOutput, type Output } from './output.js';

const BATCH: Batch = {
  ...{ batch_id: 'b', status: 'processing', model: 'mock@1', workflow_id: 'video-batch/b' },
  ...{ started_at: '2026-01-01T00:00:00.000Z', total: 3, ready: 0, failed: 0, cancelled: 0 },
  ...{ running: 0, waiting: 3, deleted: 0, missing: 0 },
};

it('prints the counts of a batch when they change', () => {
  const lines: string[] = [];
  const step: Output['step'] = (message) => void lines.push(message);
  const out = { ...createOutput({ json: false, level: 'info' }), step };
  const view = createBatchView(out, 3, false);
  for (const counts of [{}, {}, { running: 2, waiting: 1 }, { ready: 1, failed: 1, waiting: 1 }]) {
    view.show({ ...BATCH, ...counts }, []);
  }
  view.stop();
  expect(lines).toEqual(['3 waiting', '2 running, 1 waiting', '1 ready, 1 failed, 1 waiting']);
});

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
