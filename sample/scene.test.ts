import { describe, expect, it } from 'vitest';
import { area, iou } from '../domain/result/detection.js';
import { FRAME_COUNT, groundTruth, SCENE, SIZE } from './scene.js';

const FRAMES = Array.from({ length: FRAME_COUNT }, (_, frame) => frame);
/** Maximum movement per frame: the fastest object, 320 pixels in 130 frames, peaks at 4 pixels. */
const MAX_STEP_PX = 5;

describe('groundTruth', () => {
  it.each([
    { frame: 0, bbox: [80, 310, 220, 450] },
    { frame: 130, bbox: [240, 310, 420, 490] },
    { frame: 499, bbox: [95, 315, 245, 465] },
  ])('puts the stop sign at its waypoint of frame $frame', ({ frame, bbox }) => {
    expect(groundTruth(frame)[0]).toEqual({ class: 'stop sign', bbox });
  });

  it('is halfway between two waypoints after half of the time', () => {
    expect(groundTruth(65)[0]?.bbox).toEqual([160, 310, 320, 470]);
  });

  it.each(SCENE.map((object, index) => ({ name: object.class, index })))(
    'keeps the $name completely in the frame, and moves it without jumps',
    ({ name, index }) => {
      const boxes = FRAMES.map((frame) => groundTruth(frame)[index]!.bbox);
      expect(groundTruth(0)[index]?.class).toBe(name);
      for (const [frame, bbox] of boxes.entries()) {
        const [xMin, yMin, xMax, yMax] = bbox;
        expect(bbox.every(Number.isInteger) && area(bbox) > 0, `frame ${frame}`).toBe(true);
        expect(Math.min(xMin, yMin), `frame ${frame}`).toBeGreaterThanOrEqual(0);
        expect(xMax, `frame ${frame}`).toBeLessThanOrEqual(SIZE.width);
        expect(yMax, `frame ${frame}`).toBeLessThanOrEqual(SIZE.height);
        const before = boxes[frame - 1] ?? bbox;
        const steps = bbox.map((value, side) => Math.abs(value - before[side]!));
        expect(Math.max(...steps), `frame ${frame}`).toBeLessThanOrEqual(MAX_STEP_PX);
      }
      expect(new Set(boxes.map(String)).size).toBeGreaterThan(FRAME_COUNT / 4);
    },
  );

  it('keeps objects from overlapping', () => {
    for (const frame of FRAMES) {
      const boxes = groundTruth(frame).map(({ bbox }) => bbox);
      const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => iou(a, b)));
      expect(pairs, `frame ${frame}`).toEqual([0, 0, 0]);
    }
  });
});
