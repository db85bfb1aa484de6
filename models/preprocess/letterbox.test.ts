import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bbox } from '../../domain/result/detection.js';
import { YOLOV8N, YOLOX_NANO } from '../catalogue.js';
import { letterboxOf, toFrameBox, type Letterbox } from './letterbox.js';

describe('letterboxOf', () => {
  it.each([
    // frame, content and border of a 416 input (top left, truncated)
    [768, 432, 416, 234, 0, 0],
    [375, 500, 312, 416, 0, 0],
    [427, 640, 277, 416, 0, 0],
    [416, 416, 416, 416, 0, 0],
    [320, 240, 416, 312, 0, 0],
    [1, 4000, 1, 416, 0, 0],
  ])('places %ix%i at the top left', (width, height, contentWidth, contentHeight, padX, padY) => {
    expect(letterboxOf({ width, height }, YOLOX_NANO.input)).toMatchObject({
      content: { width: contentWidth, height: contentHeight },
      padX,
      padY,
    });
  });

  it.each([
    // frame, content and border of a 640 input (centred, rounded)
    [640, 427, 640, 427, 0, 106],
    [500, 333, 640, 426, 0, 107],
    [375, 500, 480, 640, 80, 0],
    [1920, 1080, 640, 360, 0, 140],
    [333, 500, 426, 640, 107, 0],
  ])('centres %ix%i', (width, height, contentWidth, contentHeight, padX, padY) => {
    expect(letterboxOf({ width, height }, YOLOV8N.input)).toMatchObject({
      content: { width: contentWidth, height: contentHeight },
      padX,
      padY,
    });
  });

  it.each([
    ['stretch', 768, 432, 416, 416, 0, 0],
    ['center-crop', 768, 432, 739, 416, -162, 0],
    ['center-crop', 432, 768, 416, 739, 0, -162],
    ['center-crop', 300, 300, 416, 416, 0, 0],
  ] as const)(
    'by %s puts %ix%i',
    (mode, width, height, contentWidth, contentHeight, padX, padY) => {
      const input = { ...YOLOX_NANO.input, resize: { mode } };
      expect(letterboxOf({ width, height }, input)).toMatchObject({
        content: { width: contentWidth, height: contentHeight },
        padX,
        padY,
      });
    },
  );

  it('adds the kernel of the manifest to the content', () => {
    const size = { width: 768, height: 432 };
    const { content } = letterboxOf(size, YOLOX_NANO.input);
    expect(content).toEqual({ width: 416, height: 234 });
    const resize = { ...YOLOX_NANO.input.resize, kernel: 'bicubic' } as const;
    expect(letterboxOf(size, { ...YOLOX_NANO.input, resize }).content).toEqual({
      ...content,
      kernel: 'bicubic',
    });
  });

  it('fills the input along one side for any frame size', () => {
    const side = fc.integer({ min: 1, max: 8192 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(YOLOX_NANO, YOLOV8N), (width, height, { input }) => {
        const { content, padX, padY } = letterboxOf({ width, height }, input);
        expect(Math.max(content.width / input.width, content.height / input.height)).toBe(1);
        expect(Math.min(content.width, content.height)).toBeGreaterThanOrEqual(1);
        expect(padX + content.width).toBeLessThanOrEqual(input.width);
        expect(padY + content.height).toBeLessThanOrEqual(input.height);
      }),
    );
  });
});

/** The two known inputs, and the first stretched and cropped. */
const INPUTS = [
  YOLOX_NANO.input,
  YOLOV8N.input,
  { ...YOLOX_NANO.input, resize: { mode: 'stretch' } } as const,
  { ...YOLOX_NANO.input, resize: { mode: 'center-crop' } } as const,
];

describe('toFrameBox', () => {
  it('maps a box of the frame back within half a pixel', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const side = fc.integer({ min: 1, max: 8192 });
    const box = fc.tuple(share, share, share, share);
    fc.assert(
      fc.property(side, side, box, fc.constantFrom(...INPUTS), (width, height, at, input) => {
        const bbox: Bbox = [at[0] * width, at[1] * height, at[2] * width, at[3] * height];
        const letterbox = letterboxOf({ width, height }, input);
        const back = toFrameBox(toInputBox(bbox, letterbox), letterbox);
        back.forEach((value, i) => expect(Math.abs(value - bbox[i]!)).toBeLessThanOrEqual(0.5));
      }),
    );
  });

  it('maps the corners of the content to the corners of the frame', () => {
    const frame = { width: 427, height: 640 };
    const letterbox = letterboxOf(frame, YOLOV8N.input);
    const { padX, padY, content } = letterbox;
    const corners: Bbox = [padX, padY, padX + content.width, padY + content.height];
    expect(toFrameBox(corners, letterbox)).toEqual([0, 0, frame.width, frame.height]);
  });
});

/** Resizing as it happens to the pixels, written apart from the code under test. */
function toInputBox([x1, y1, x2, y2]: Bbox, { padX, padY, content, ...box }: Letterbox): Bbox {
  const frame = { width: content.width / box.scaleX, height: content.height / box.scaleY };
  const x = (value: number) => padX + (value / frame.width) * content.width;
  const y = (value: number) => padY + (value / frame.height) * content.height;
  return [x(x1), y(y1), x(x2), y(y2)];
}
