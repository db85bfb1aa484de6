import { expect, it } from 'vitest';
import type { JobProgress } from '../client/index.js';
import { createJobViews } from './job-views.js';
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
  const views = createJobViews(out, 3, false);
  const [first, second] = [views.add('a.mp4'), views.add('b.mp4')];
  first.update(PROGRESS);
  second.update({ ...PROGRESS, stage: 'detecting', frames_done: 5, frames_total: 10 });
  views.close(first, 'failed');
  views.close(second, 'ready');
  views.stop();
  expect(lines).toEqual([
    'a.mp4: probing',
    'b.mp4: detecting: 5 of 10 frames (50 %)',
    '1 failed, 2 waiting',
    '1 ready, 1 failed, 1 waiting',
  ]);
});
