import { describe, expect, it } from 'vitest';
import type { Progress } from '../domain/job/progress.js';
import { describeDetails } from './job-details.js';

const progress: Progress = {
  ...{ stage: 'detecting', frames_done: 30, frames_total: 60, skipped: 1, objects: 7 },
  ...{ fps: 12.5, eta_s: 3, started_at: 0 },
};
const devices = ['cpu'];
const event = { event_id: 'e1', page_url: 'http://127.0.0.1:8080' };
const PAGE = '[Page of the job](http://127.0.0.1:8080/#/job/e1)';
const RESULT = '[Result](http://127.0.0.1:8080/api/v1/jobs/e1/result)';

describe('the details of a job', () => {
  it('have its progress and its page while it runs', () => {
    expect(describeDetails({ progress, event, devices })).toBe(
      '**detecting**: 30 of 60 frames (50 %), about 3 s left\n\n' +
        `7 objects, 1 skipped, 12.5 frames per second\n\n${PAGE}`,
    );
  });

  it('have counts, page and result at its end, and no time left', () => {
    const end = { status: 'ready', note: null } as const;
    expect(describeDetails({ progress, event, devices, end })).toBe(
      `**ready**\n\n30 of 60 frames on cpu, 7 objects, 1 skipped\n\n${PAGE} · ${RESULT}`,
    );
  });

  it('have the most frequent classes of the result, and the sum of all others', () => {
    const detailsOf = (top_classes: readonly (readonly [string, number])[]) => {
      const end = { status: 'ready', note: null, result: { top_classes } } as const;
      return describeDetails({ progress, devices: ['gpu', 'cpu'], end });
    };
    const all = 'frames on gpu and cpu, 7 objects (person 5, car 2), 1 skipped';
    expect(
      detailsOf([
        ['person', 5],
        ['car', 2],
      ]),
    ).toContain(all);
    expect(detailsOf([['person', 5]])).toContain('7 objects (person 5, others 2), 1 skipped');
    expect(detailsOf([])).toContain('7 objects, 1 skipped');
  });

  it('have the size, rate and length of the video as soon as it is probed', () => {
    const video = { size: { width: 768, height: 576 }, frame_count: 795 };
    const detailsOf = (frame_rate: { num: number; den: number } | null) =>
      describeDetails({ progress, devices: [], video: { ...video, frame_rate } });
    const ntsc = 'Video: 768x576, 29.97 frames per second, 795 frames';
    expect(detailsOf({ num: 30_000, den: 1001 })).toContain(`\n\n${ntsc}`);
    expect(detailsOf(null)).toContain('\n\nVideo: 768x576, 795 frames');
  });

  it('have the reason of a failure', () => {
    const end = { status: 'failed', note: 'The file is not a video.' } as const;
    const none = { ...progress, frames_done: 0, frames_total: 0 };
    const details = describeDetails({ progress: none, event, devices, end });
    expect(details).toBe(`**failed**: The file is not a video.\n\n${PAGE}`);
    expect(describeDetails({ progress: none, devices, end })).toBe(
      '**failed**: The file is not a video.',
    );
  });

  it('link to the result of a cancelled job only if it has one', () => {
    const end = { status: 'cancelled', note: null } as const;
    expect(describeDetails({ progress, event, devices, end })).toContain(RESULT);
    const none = { ...progress, frames_done: 0 };
    expect(describeDetails({ progress: none, event, devices, end })).not.toContain(RESULT);
  });

  it('have no links without the URL of the page', () => {
    expect(describeDetails({ progress, event: { event_id: 'e1' }, devices })).not.toContain('](');
  });
});
