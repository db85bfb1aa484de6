import { describe, expect, it } from 'vitest';
import { parseJobInput } from './job-input.js';
import { requestOf } from './job-request.js';

describe('requestOf', () => {
  it('leaves out every default, because a worker of an older build may not know the field', () => {
    expect(requestOf(parseJobInput({ video_id: 'cars' }))).toEqual({ video_id: 'cars' });
  });

  it.each([
    ...[{ event_id: 'e1' }, { bucket: 'archive' }, { every: 1 }, { conf: 0 }, { iou: 0.5 }],
    ...[{ max_det: 1 }, { classes: ['car'] }, { model: 'm@1' }, { device: 'gpu' as const }],
    ...[{ preprocess: false as const }, { frames: 'none' as const }, { still: 0 }],
    ...[{ preprocess: { contrast: 1 } }, { max_failed: 0 }, { rerun_of: 'e0' }],
    { webhook: { url: 'https://example.com/hook' } },
  ])('keeps only %j', (changed) => {
    const input = parseJobInput({ video_id: 'cars', ...changed });
    expect(requestOf(input)).toEqual({ video_id: 'cars', ...changed });
    expect(parseJobInput(requestOf(input))).toEqual(input);
  });
});
