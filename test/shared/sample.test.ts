import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iou } from '../../domain/result/detection.js';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import type { FrameRow } from '../../domain/result/result.js';
import { FRAME_COUNT, groundTruth, type TruthObject } from '../../sample/scene.js';
import { renderSample } from '../../sample/render.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

/** Share of the drawn objects that a small model must find, and the IoU that counts as found. */
const FOUND_SHARE = 0.9;
const FOUND_IOU = 0.5;
const RUNS_FOR_MS = 120_000;

let stack: SharedConnection;
beforeAll(async () => {
  stack = await connectSharedStack();
  const path = join(stack.folder, 'sample.mp4');
  await renderSample({ path, ffmpegPath: stack.settings['VIDETTE_FFMPEG']! });
  await stack.putVideo('sample-video', path);
});
afterAll(() => stack?.close());

describe('the sample video', () => {
  it.each(FRAME_STORAGE)(
    'yields its drawn objects at their true positions, with frames %s',
    async (frames) => {
      await stack.run({
        video_id: 'sample-video',
        event_id: `sample-${frames}`,
        frames,
        model: REAL_MODEL,
      });
      const result = await stack.result(`sample-${frames}`);
      const overlaps = result.frames.flatMap((row) =>
        groundTruth(row.frame).map((truth) => bestOverlap(row, truth)),
      );
      const found = overlaps.filter((overlap) => overlap >= FOUND_IOU);
      const mean = found.reduce((sum, overlap) => sum + overlap, 0) / found.length;
      console.log(
        `${result.model.name}, frames ${frames}: ${found.length} of ${overlaps.length} drawn ` +
          `objects found, mean IoU ${mean.toFixed(3)}`,
      );
      expect(result.frames).toHaveLength(FRAME_COUNT / 5);
      expect(found.length / overlaps.length).toBeGreaterThan(FOUND_SHARE);
    },
    RUNS_FOR_MS,
  );
});

/** IoU of the best detection of an object's class; 0 without one. */
function bestOverlap({ objects }: FrameRow, truth: TruthObject): number {
  const overlaps = objects
    .filter((object) => object.class === truth.class)
    .map(({ box }) => iou(box, truth.bbox));
  return Math.max(0, ...overlaps);
}
