import { setTimeout as sleep } from 'node:timers/promises';
import { jpegAt, type JpegAtSettings } from '../../adapters/camera/jpeg-at.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import type { UnitSource } from '../units.js';

/** Time to wait for a unit that has not yet arrived, in ms. */
const WAIT_MS = 5000;

/**
 * Returns a JPEG of the frame at a time, in ms since 1970, or of the first one after it; undefined if
 * no such frame arrives, or if it cannot be decoded.
 */
export async function takeSnapshot(
  source: UnitSource,
  settings: JpegAtSettings,
  atMs: number,
): Promise<Buffer | undefined> {
  return jpegAt(settings, await collectUntil(source, atMs), atMs);
}

/** Collects the units from the last keyframe before a time up to the first unit at or after it. */
async function collectUntil(source: UnitSource, atMs: number): Promise<AccessUnit[]> {
  let units: AccessUnit[] = [];
  const found = new AbortController();
  const stop = source.follow(atMs, (unit) => {
    if (found.signal.aborted) return;
    if (unit.key) units = [];
    units.push(unit);
    if (unit.arrival >= atMs) found.abort();
  });
  if (!found.signal.aborted) {
    await sleep(WAIT_MS, undefined, { signal: found.signal }).catch(() => null);
  }
  stop();
  return units;
}
