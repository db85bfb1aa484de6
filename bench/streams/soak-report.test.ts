import { describe, expect, it } from 'vitest';
import { formatSoak, growthOf } from './soak-report.js';
import type { SoakSample } from './soak-sample.js';

const MIB = 1024 ** 2;

function sampleOf(minute: number, rss: number, descriptors: number): SoakSample {
  const account = { state: 'live', lagMs: 20, seenS: 60 * minute, gaps: {} } as const;
  const stored = { rows: 120 * minute, objects: 2 + minute, bytes: 100 * minute };
  return {
    ...{ minute, load: 1, parts: { worker: { processes: 1, rss: rss * MIB, descriptors } } },
    scenarios: [
      { uuid: '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c', kind: 'rtsp', ...account, ...stored },
    ],
  };
}

describe('growthOf', () => {
  it.each([
    ['steady use', sampleOf(120, 1000, 40), []],
    ['a tenth more', sampleOf(120, 1099, 48), []],
    ['more memory', sampleOf(120, 1110, 40), ['worker: memory grew by 110 MiB']],
    ['more descriptors', sampleOf(120, 900, 49), ['worker: 9 more descriptors']],
  ])('reports %s', (_, last, expected) => {
    expect(growthOf([sampleOf(0, 1000, 40), last])).toEqual(expected);
  });
});

describe('formatSoak', () => {
  it('shows the first, the last and the highest use, and what is stored per hour', () => {
    const samples = [sampleOf(10, 200, 40), sampleOf(40, 300, 41), sampleOf(70, 210, 42)];
    const lines = formatSoak(samples).split('\n');
    const cells = (start: string) => lines.find((line) => line.startsWith(start))?.split(/\s{2,}/);
    expect(cells('worker')).toEqual(['worker', '200 MiB', '210 MiB', '300 MiB', '40', '42']);
    expect(cells('rtsp 5f0c2d5e')).toEqual(['rtsp 5f0c2d5e', '7200', '60', '6000']);
  });
});
