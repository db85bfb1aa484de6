import { describe, expect, it } from 'vitest';
import type { ResultOverview } from '../client/index.js';
import {
  formatClasses,
  formatCounts,
  formatDevices,
  formatPairs,
  formatSeconds,
  formatTable,
  fpsOf,
  ordinal,
  overviewPairs,
} from './format.js';

describe('format', () => {
  it.each([
    [0, '0.0 s'],
    [0.84, '0.8 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 0 s'],
    [3599.4, '59 min 59 s'],
    [3599.6, '1 h 0 min'],
    [3725, '1 h 2 min'],
    [7199, '2 h 0 min'],
  ])('shows %d seconds as %s', (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });

  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [5, '5th'],
    [11, '11th'],
    [12, '12th'],
    [22, '22nd'],
    [112, '112th'],
  ])('counts %d as %s', (value, text) => {
    expect(ordinal(value)).toBe(text);
  });

  it('names classes and devices, the most frequent first', () => {
    expect(formatClasses({ bus: 1, car: 12 })).toBe('12 car, 1 bus');
    expect(formatClasses({ bus: 1, car: 12, dog: 3 }, 2)).toBe('12 car, 3 dog, …');
    expect(formatDevices({ cpu: 3, gpu: 90 })).toBe('gpu, cpu');
    expect(formatDevices({})).toBe('none');
  });

  it.each<[number, number | null, number]>([
    [100, 8, 12.5],
    [100, 0, 0],
    [100, null, 0],
    [0, 3, 0],
  ])('speed of %d frames in %s s is %d', (frames, seconds, fps) => {
    expect(fpsOf(frames, seconds)).toBe(fps);
  });

  it('aligns columns and leaves no blanks at the end of a line', () => {
    expect(
      formatTable([
        ['A', 'B'],
        ['long', 'x'],
        ['s', ''],
      ]),
    ).toBe('A     B\nlong  x\ns');
  });

  it('aligns cells with colours', () => {
    expect(
      formatTable([
        ['A', 'B'],
        ['\u001b[32mready\u001b[39m', 'x'],
      ]),
    ).toBe('A      B\n\u001b[32mready\u001b[39m  x');
  });

  it('counts equal words', () => {
    expect(formatCounts(['running', 'failed', 'ready', 'ready'])).toBe(
      '2 ready, 1 failed, 1 running',
    );
  });

  it('leaves out pairs without a value', () => {
    expect(
      formatPairs([
        ['one', '1'],
        ['none', null],
      ]),
    ).toBe('  one  1');
  });

  it.each([
    [{}, '90 (every 5th of 500), 10 skipped'],
    [{ inferred: 90 }, '90 (every 5th of 500), 10 skipped, 0 still; inference on 90'],
    [{ inferred: 30 }, '90 (every 5th of 500), 10 skipped, 60 still; inference on 30'],
  ])('reports the number of still frames: %j', (still, text) => {
    const counts = { frames: 90, skipped: 10, objects: 0, objects_by_class: {}, warnings: [] };
    const overview: ResultOverview = {
      ...{ event_id: 'e', video_id: 'v', status: 'ready', bucket: 'videos', rerun_of: null },
      model: { name: 'm', version: 1, sha256: '' },
      device: { asked: 'auto', used: { cpu: 90 } },
      parameters: { every: 5 },
      frame_count: 500,
      ...counts,
      ...still,
    };
    expect(overviewPairs(overview)[0]).toEqual(['frames', text]);
  });
});
