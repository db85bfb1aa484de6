import { expect, it } from 'vitest';
import { parametersOf, parseJobInput } from '../domain/job/job-input.js';
import { formatJob, formatOptions } from './job-text.js';
import type { JobView } from './job-view.js';

const PARAMETERS = parametersOf(parseJobInput({ video_id: 'cars', classes: ['car', 'bus'] }));
const VIEW: JobView = {
  event_id: 'cars-1',
  video_id: 'cars',
  video_name: 'cars.mp4',
  status: 'ready',
  model: { name: 'yolox_nano', version: 1, sha256: '' },
  workflow_id: 'video-detection/cars-1',
  run_id: 'run',
  started_at: '2026-01-01T00:00:00.000Z',
  closed_at: '2026-01-01T00:00:08.000Z',
  seconds: 8,
  error: null,
  result: { bucket: 'results', key: 'results/cars-1.json' },
  progress: null,
  rerun_of: null,
  parameters: PARAMETERS,
  device: 'auto',
  counts: { frames: 2, skipped: 0, objects: 4 },
  objects_by_class: { car: 3, bus: 1 },
  page: 'http://127.0.0.1:8080/#/job/cars-1',
};

it('shows options, counts and the page of a job', () => {
  const text = formatJob(VIEW);
  expect(text).toMatch(/options +every 5, conf 0\.25, .*classes car\+bus, .*device auto/);
  expect(text).toMatch(/preprocess \(blur 3, contrast 1\.3, brightness 5\)/);
  expect(text).toMatch(/objects +3 car, 1 bus/);
  expect(text).toMatch(/file +cars\.mp4/);
  expect(text).toMatch(/page +http:\/\/127\.0\.0\.1:8080\/#\/job\/cars-1$/m);
});

it('leaves out what is unknown', () => {
  const unknown = { parameters: null, device: null, objects_by_class: null, page: null };
  expect(formatJob({ ...VIEW, ...unknown })).not.toMatch(/options|objects|page/);
});

it('shows options that are off', () => {
  expect(formatOptions({ preprocess: false, still: false, classes: undefined }, null)).toBe(
    'preprocess off, still off',
  );
});
