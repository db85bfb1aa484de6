import { describe, expect, it } from 'vitest';
import type { Job } from '../../api/types.js';
import { describeOptions, describeProgress, describeRun, titleOf } from './job-text.js';

const job = (fields: Partial<Job>) =>
  ({
    ...{
      event_id: 'e',
      video_id: 'v',
      video_name: null,
      model: null,
      parameters: null,
      device: null,
    },
    ...{ started_at: null, closed_at: null, seconds: null, counts: null },
    ...fields,
  }) as Job; // the fields that the texts read

it.each<[Partial<Job>, string]>([
  [{ video_name: 'улица.mp4' }, 'улица.mp4'],
  [{}, 'v'],
  [{ video_id: null }, 'e'],
])('calls the job %j %s', (fields, title) => expect(titleOf(job(fields))).toBe(title));

describe('describeOptions', () => {
  const model = { name: 'yolox_nano', version: 2, sha256: '' };
  const parameters = (fields: object) => fields as Job['parameters'];
  it.each<[Partial<Job>, string]>([
    [{}, ''],
    [
      { model, parameters: parameters({ every: 1, conf: 0.25 }) },
      'yolox_nano 2 · every frame · from 25 %',
    ],
    [{ parameters: parameters({ every: 22, classes: ['car'] }) }, 'every 22nd frame · car'],
    [{ parameters: parameters({ every: 5, classes: null }) }, 'every 5th frame'],
    [{ parameters: parameters({ preprocess: false }), device: 'cpu' }, 'no preprocessing · CPU'],
    [{ parameters: parameters({ from_ms: 5000 }) }, '0:05.0 to the end'],
    [{ parameters: parameters({ track: 0 }) }, 'video track 0'],
    [{ parameters: parameters({ track: null }) }, ''],
    [{ parameters: parameters({ tracking: true }) }, 'objects followed'],
    [{ parameters: parameters({ to_ms: 65_500 }) }, '0:00.0 to 1:05.5'],
  ])('describes %j', (fields, text) => expect(describeOptions(job(fields))).toBe(text));
});

it.each<[Partial<Job>, string]>([
  [{ seconds: 4, counts: null }, ''],
  [
    { closed_at: 'x', seconds: 4, counts: { frames: 1, skipped: 0, objects: 2000 } },
    'took 4.0 s · 1 frame · 2,000 detections',
  ],
  [{ counts: { frames: 8, skipped: 2, objects: 1 } }, '8 frames · 2 frames skipped · 1 detection'],
])('describes the run %j', (fields, text) => expect(describeRun(job(fields))).toBe(text));

describe('describeProgress', () => {
  const detecting = {
    ...({ stage: 'detecting', frames_done: 12, frames_total: 400 } as const),
    ...{ fps: 0, eta_s: null, skipped: 0 },
  };
  it.each([
    [{}, 'detecting, 12 of 400 frames, waiting for the first range'],
    [{ fps: 31.42, eta_s: 9 }, 'detecting, 12 of 400 frames, 31.4 fps, 9.0 s left'],
    [{ stage: 'probing', frames_done: 0, frames_total: 0 } as const, 'probing'],
    [
      { error: { code: 'JOB_STUCK', message: 'Start a worker.' } } as const,
      'detecting: Start a worker.',
    ],
  ])('with %j is %s', (change, text) => {
    expect(describeProgress({ ...detecting, ...change })).toBe(text);
  });
});
