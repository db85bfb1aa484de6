import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readInFlight, openMarker } from './in-flight-marker.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'vidette-marker-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

it('reads the frames in flight, and undefined before, between and after inferences', () => {
  expect(readInFlight(folder)).toBeUndefined();
  const marker = openMarker(folder);
  expect(readInFlight(folder)).toBeUndefined();
  for (const [frames, inFlight] of [
    [[0], { frame: 0 }],
    [[123_456_789], { frame: 123_456_789 }],
    [[5, 10, 15], { frames: 3 }],
    [[7], { frame: 7 }],
  ] as const) {
    marker.begin(frames);
    expect(readInFlight(folder)).toEqual(inFlight);
    marker.end();
    expect(readInFlight(folder)).toBeUndefined();
  }
  marker.close();
});

it('reads the last frames of a process that crashed', () => {
  openMarker(folder).begin([40]);
  expect(readInFlight(folder)).toEqual({ frame: 40 });
  const marker = openMarker(folder);
  marker.begin([0, 5]);
  marker.begin([5]);
  expect(readInFlight(folder)).toEqual({ frame: 5 });
});
