import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readInFlight, openMarker } from './in-flight-marker.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'vidette-marker-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

it('tells what is at work, and nothing before, between and after', () => {
  expect(readInFlight(folder)).toBeUndefined();
  const marker = openMarker(folder);
  expect(readInFlight(folder)).toBeUndefined();
  for (const [frames, told] of [
    [[0], { frame: 0 }],
    [[123_456_789], { frame: 123_456_789 }],
    [[5, 10, 15], { frames: 3 }],
    [[7], { frame: 7 }],
  ] as const) {
    marker.begin(frames);
    expect(readInFlight(folder)).toEqual(told);
    marker.end();
    expect(readInFlight(folder)).toBeUndefined();
  }
  marker.close();
});

it('tells the last frames of a process that died', () => {
  openMarker(folder).begin([40]);
  expect(readInFlight(folder)).toEqual({ frame: 40 });
  const marker = openMarker(folder);
  marker.begin([0, 5]);
  marker.begin([5]);
  expect(readInFlight(folder)).toEqual({ frame: 5 });
});
