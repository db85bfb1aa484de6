import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inferringIn, openMarker } from './inferring-marker.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'vidette-marker-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

it('tells the frame that is at work, and none before, between and after', () => {
  expect(inferringIn(folder)).toBeUndefined();
  const marker = openMarker(folder);
  expect(inferringIn(folder)).toBeUndefined();
  for (const frame of [0, 123_456_789, 7]) {
    marker.begin(frame);
    expect(inferringIn(folder)).toBe(frame);
    marker.end();
    expect(inferringIn(folder)).toBeUndefined();
  }
  marker.close();
});

it('tells the last frame of a process that died', () => {
  openMarker(folder).begin(40);
  expect(inferringIn(folder)).toBe(40);
});
