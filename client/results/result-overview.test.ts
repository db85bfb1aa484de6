import { describe, expect, it } from 'vitest';
import { parseResultEnds } from '../../domain/result/result-text.js';
import { overviewOf } from './result-overview.js';

const HEADER = {
  event_id: 'e1',
  video_id: 'v1',
  status: 'ready',
  video: { bucket: 'videos', frame_count: 500 },
  model: { name: 'm', version: 1, sha256: 'x' },
  device: { asked: 'auto', used: { cpu: 2 } },
  parameters: { every: 5 },
};
const SUMMARY = { frames: 2, skipped: 0, objects: 1, objects_by_class: { car: 1 }, warnings: [] };

const parseOverview = (head: string, tail: string, place: string) =>
  overviewOf(parseResultEnds(head, tail, place));

/** The text of a result as the last step of a job writes it. */
function resultText(frames: readonly string[]): string {
  const head = JSON.stringify(HEADER, null, 2).slice(0, -2);
  const tail = JSON.stringify({ summary: SUMMARY }, null, 2).slice(2);
  return `${head},\n  "frames": [\n    ${frames.join(',\n    ')}\n  ],\n  "skipped": [],\n  ${tail}\n`;
}

describe('overviewOf', () => {
  const text = resultText(['{"frame":0}', '{"frame":5}']);

  it('reads header and summary of a whole result', () => {
    expect(parseOverview(text, text, 'k')).toMatchObject({
      event_id: 'e1',
      bucket: 'videos',
      frame_count: 500,
      rerun_of: null,
      device: { asked: 'auto', used: { cpu: 2 } },
      objects_by_class: { car: 1 },
    });
  });

  it('needs the two ends only', () => {
    const overview = parseOverview(text.slice(0, 600), text.slice(-180), 'k');
    expect(overview).toEqual(parseOverview(text, text, 'k'));
  });

  it.each([
    ['is cut off', text.slice(0, -20)],
    ['is no result', '{"a": 1}'],
    ['is empty', ''],
  ])('refuses a text that %s', (_, damaged) => {
    expect(() => parseOverview(damaged, damaged, 'results/e1.json')).toThrow(/results\/e1.json/);
  });
});
