import { expect, it } from 'vitest';
import type { DiffSummary } from '../client/index.js';
import { DIFF_HEAD, formatDiffRow, formatDiffSummary } from './diff-text.js';

const MODEL = { version: 1, sha256: 'x' };
const CAR = { class: 'car', box: [0, 0, 9, 9], conf: 0.5 } as const;
const SUMMARY: DiffSummary = {
  type: 'summary',
  ...{ video_id: 'street', different_options: [] },
  a: { event_id: 'street-1', model: { ...MODEL, name: 'yolox_nano' }, conf: 0.25 },
  b: { event_id: 'street-2', model: { ...MODEL, name: 'yolov8n' }, conf: 0.4 },
  ...{ frames: 279, frames_different: 115, frames_skipped: 0 },
  ...{ same: 388, changed: 1, vanished: 25, appeared: 109, conf_change: -0.0213 },
  by_class: {
    person: {
      ...{ same: 388, changed_from: 0, changed_to: 1, vanished: 25, appeared: 109 },
      conf_change: -0.0213,
    },
    tv: { same: 0, changed_from: 1, changed_to: 0, vanished: 0, appeared: 0, conf_change: null },
  },
};

it('aligns the rows of frames with their head', () => {
  const frame = {
    type: 'frame',
    frame: 35,
    timestamp_ms: 1401.4,
    changed: [],
    appeared: [],
  } as const;
  const same = [{ a: CAR, b: CAR, overlap: 1, conf_change: 0 }];
  const skip = { type: 'skipped', frame: 40, timestamp_ms: 1601.6 } as const;
  expect([
    DIFF_HEAD,
    formatDiffRow({ ...frame, same, vanished: [CAR] }),
    formatDiffRow({ ...skip, reason_a: null, reason_b: 'damaged' }),
  ]).toEqual([
    'FRAME      SECONDS      SAME    DIFFERENCE',
    '35         1.401        1       vanished: car',
    '40         1.602        -       not compared; B: damaged',
  ]);
});

it('shows counts by class, both sides and the number of frames', () => {
  expect(formatDiffSummary(SUMMARY).split('\n')).toEqual([
    'CLASS   SAME  CHANGED FROM  CHANGED TO  VANISHED  APPEARED  CONFIDENCE',
    'person  388   0             1           25        109       -0.021',
    'tv      0     1             0           0         0         -',
    'all     388   1             1           25        109       -0.021',
    '',
    'A  yolox_nano@1  confidence from 0.25  street-1',
    'B  yolov8n@1     confidence from 0.4   street-2',
    '115 of 279 compared frames differ.',
  ]);
});

it('names different options, and counts frames that could not be compared', () => {
  const text = formatDiffSummary({
    ...{ ...SUMMARY, different_options: ['conf', 'still'], frames_skipped: 1 },
  });
  expect(text).toContain('The options conf, still of the jobs are different as well.');
  expect(text).toContain('differ. 1 frame could not be compared.');
});
