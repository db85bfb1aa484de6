import { expect } from 'vitest';
import type { DetectionResult } from '../../domain/result/result.js';
import { compareFrames } from '../parity/compare-frames.js';
import { shareOf } from '../parity/compare.js';

/** Share of the confident detections of either side that the other side must have. */
export const REQUIRED = 0.99;
/** More frames than an object stays where it is. */
const SHIFT = 20;
/** A comparison of fewer detections says little. */
const MIN_DETECTIONS = 200;

type Rows = Pick<DetectionResult, 'frames' | 'skipped'>;

/**
 * Compares a result without preprocessing with the reference of its clip, in which no frame may be
 * missing: the share of the confident detections of either side that the other has, the lower one.
 */
export function agreementOf(clip: string, result: Rows): number {
  const { reference, actual } = compareFrames(`${clip}.raw`, result);
  expect(reference.total).toBeGreaterThan(MIN_DETECTIONS);
  return Math.min(shareOf(reference), shareOf(actual));
}

/** The same frames, each with the objects of a later one. */
export function shiftObjects({ frames, skipped }: Rows): Rows {
  const objectsOf = (index: number) => frames[(index + SHIFT) % frames.length]!.objects;
  return { skipped, frames: frames.map((row, i) => ({ ...row, objects: objectsOf(i) })) };
}
