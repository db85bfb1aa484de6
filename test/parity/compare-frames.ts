import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { DetectionResult } from '../../domain/result/result.js';
import { addAgreements, type Agreement, compareDetections, type Compared } from './compare.js';
import { testDataFolder } from './test-data.js';

/** Reads a file of the folder `expected` of the reference data. */
export function readExpected<T>(name: string): T {
  return JSON.parse(readFileSync(join(testDataFolder(), `expected/${name}.json`), 'utf8')) as T;
}

/** Compares a result with the reference of its clip, frame by frame; none may be missing. */
export function compareFrames(
  name: string,
  { skipped, frames }: Pick<DetectionResult, 'skipped' | 'frames'>,
): Agreement {
  const expected = readExpected<readonly { frame: number; objects: readonly Compared[] }[]>(name);
  expect(skipped).toEqual([]);
  expect(frames.map(({ frame }) => frame)).toEqual(expected.map(({ frame }) => frame));
  return frames
    .map(({ objects }, i) => compareDetections(expected[i]!.objects, objects))
    .reduce(addAgreements);
}
