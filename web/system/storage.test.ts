import { expect, it } from 'vitest';
import { storageFacts } from './storage.js';

const disk = { free_bytes: 20e9, size_bytes: 500e9 };

it('shows the free disk while the stored bytes are being measured', () => {
  expect(storageFacts({ disk, stored: null })).toEqual([
    ['Free disk', '20 GB of 500 GB'],
    ['Stored', 'being measured'],
  ]);
});

it('shows the bytes of jobs, batches, videos and models, without a disk that cannot be read', () => {
  const bytes = {
    ...{ jobs_bytes: 1.5e6, image_batches_bytes: 3e6, videos_bytes: 2e9, models_bytes: 0 },
  };
  const stored = { ...bytes, largest_jobs: [], measured_at: '2026-01-01T00:00:00.000Z' };
  const facts = storageFacts({ disk: null, stored });
  expect(facts.slice(0, -1)).toEqual([
    ['Jobs', '1.5 MB'],
    ['Image batches', '3.0 MB'],
    ['Videos', '2.0 GB'],
    ['Models', '0 B'],
  ]);
  expect(facts.at(-1)?.[0]).toBe('Measured');
});
