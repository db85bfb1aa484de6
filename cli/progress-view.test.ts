import { describe, expect, it } from 'vitest';
import type { JobProgress } from '../client/index.js';
import { createPace, progressLine } from './progress-view.js';

const PROGRESS: JobProgress = {
  event_id: 'e1',
  status: 'processing',
  stage: 'detecting',
  frames_done: 0,
  frames_total: 200,
  skipped: 0,
  objects: 0,
  fps: 0,
  eta_s: null,
  started_at: '2026-01-01T00:00:00.000Z',
};

describe('progress', () => {
  it('shows only the stage before the frames are counted', () => {
    expect(progressLine({ ...PROGRESS, stage: 'probing', frames_total: 0 })).toBe('probing');
  });

  it('shows share, speed and time left', () => {
    const text = progressLine({ ...PROGRESS, frames_done: 50, fps: 30.1, eta_s: 5 });
    expect(text).toBe(
      'detecting: 50 of 200 frames (25 %), 30.1 frames per second, about 5.0 s left',
    );
  });

  it('shows why Temporal cannot continue a job', () => {
    const error = { code: 'JOB_STUCK', message: 'Temporal cannot continue this job.' };
    const text = progressLine({ ...PROGRESS, stage: 'opening', frames_total: 0, error });
    expect(text).toBe('opening: Temporal cannot continue this job.');
  });

  it('takes speed and time left from the last seconds', () => {
    const pace = createPace();
    pace(PROGRESS, 0);
    const next = pace({ ...PROGRESS, frames_done: 50 }, 5000);
    expect(next).toMatchObject({ fps: 10, eta_s: 15 });
    pace({ ...PROGRESS, frames_done: 50 }, 9000);
    // The sample at 0 is older than the window by now.
    expect(pace({ ...PROGRESS, frames_done: 90 }, 13_000)).toMatchObject({ fps: 5, eta_s: 22 });
  });

  it('keeps the figures of the workflow while nothing has moved', () => {
    const pace = createPace();
    expect(pace({ ...PROGRESS, fps: 3 }, 0).fps).toBe(3);
    expect(pace({ ...PROGRESS, fps: 3 }, 1000).fps).toBe(3);
  });
});
