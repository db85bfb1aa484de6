import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StoredRow } from '../../domain/stream/row.js';
import { YOLOX_NANO } from '../../models/catalogue.js';
import {
  addAgreements,
  compareDetections,
  type Compared,
  NOTHING_COMPARED,
  shareOf,
} from '../parity/compare.js';
import { testDataFolder } from '../parity/test-data.js';
import { startCameraHost, type TestCameraHost } from '../support/camera-host.js';

const data = testDataFolder();
const model = {
  manifest: { ...YOLOX_NANO, version: 1 },
  path: join(data, 'models/yolox_nano.onnx'),
};
/** 377 frames, each 80 ms. */
const SECONDS = 30.16;
const FRAME_MS = 80;

let host: TestCameraHost;
beforeEach(async () => {
  host = await startCameraHost(data);
});
afterEach(() => host.close());

/** Reference detections of every fifth frame, by the number of the frame. */
function readReference(): ReadonlyMap<number, readonly Compared[]> {
  const text = readFileSync(join(data, 'expected/car-detection.raw.json'), 'utf8');
  const frames = JSON.parse(text) as { frame: number; objects: Compared[] }[]; // see its README
  return new Map(frames.map(({ frame, objects }) => [frame, objects]));
}

function toCompared({ detections }: StoredRow): Compared[] {
  return detections.map(({ class: name, confidence, bbox }) => {
    return { class: name, conf: confidence, box: bbox };
  });
}

it('finds what the reference finds in a recorded street, and accounts for every slot', async () => {
  const url = `file://${join(data, 'videos/car-detection.mp4')}`;
  const attachment = await host.attach({ url, model, pace: 'fast', fps: 2 });
  await attachment.ended;
  const { rows, account, gaps } = await host.readLog();
  expect(rows).toHaveLength(Math.ceil(2 * SECONDS));
  expect(account.seen_s).toBe(rows.length / 2);
  // A file that is read fast loses no frame: only the time before its first one is a gap.
  expect(Date.parse(gaps.at(-1)!.to)).toBeLessThanOrEqual(Date.parse(rows[0]!.timestamp));

  const reference = readReference();
  const start = Date.parse(rows[0]!.timestamp);
  let agreement = NOTHING_COMPARED;
  for (const row of rows) {
    const expected = reference.get((Date.parse(row.timestamp) - start) / FRAME_MS);
    if (!expected) continue;
    agreement = addAgreements(agreement, compareDetections(expected, toCompared(row)));
  }
  expect(agreement.reference.total).toBeGreaterThanOrEqual(5);
  expect(shareOf(agreement.reference)).toBe(1);
  expect(shareOf(agreement.actual)).toBe(1);
  expect(rows.flatMap(({ detections }) => detections.flatMap(({ bbox }) => bbox))).toSatisfy(
    (sides: number[]) => sides.every(Number.isInteger),
  );
});
