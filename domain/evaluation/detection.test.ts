import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Bbox } from '../result/detection.js';
import { bootstrapInterval } from './bootstrap-interval.js';
import { type DetectedImage, rankClasses, scoreDetector } from './detection.js';

const COCO = join(process.env.VIDETTE_TEST_DATA ?? '', 'lifecycle/coco.json');

interface Annotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: Bbox;
}

interface CocoCase {
  readonly gt: {
    readonly images: readonly { readonly id: number }[];
    readonly annotations: readonly Annotation[];
  };
  readonly dets: readonly (Annotation & { readonly score: number })[];
  /** Answers of pycocotools: AP, AP50, AP75, small, medium, large, and recalls. */
  readonly stats: readonly number[];
}

/** Reads a case of pycocotools as answers of a detector. */
function readCase(): { readonly answers: DetectedImage[]; readonly stats: readonly number[] } {
  const { gt, dets, stats } = JSON.parse(readFileSync(COCO, 'utf8')) as CocoCase;
  const boxOf = ({ bbox: [x, y, width, height] }: Annotation): Bbox => [
    x,
    y,
    x + width,
    y + height,
  ];
  const answers = gt.images.map(({ id }) => {
    const ofImage = <T extends Annotation>(all: readonly T[]) =>
      all.filter(({ image_id }) => image_id === id);
    const classOf = ({ category_id }: Annotation) => String(category_id);
    return {
      image: String(id),
      objects: ofImage(gt.annotations).map((each) => ({ class: classOf(each), box: boxOf(each) })),
      found: ofImage(dets).map((each) => ({
        ...{ class: classOf(each), box: boxOf(each), conf: each.score },
      })),
    };
  });
  return { answers, stats };
}

const pause = () => Promise.resolve();

describe.skipIf(!existsSync(COCO))('on a case of pycocotools', () => {
  it('has its average precisions', () => {
    const { answers, stats } = readCase();
    const { value, boxes } = scoreDetector(answers);
    const ours = [value, boxes.ap50, boxes.ap75, boxes.small, boxes.medium, boxes.large];
    ours.forEach((score, i) => expect(Math.abs(score! - stats[i]!)).toBeLessThan(1e-12));
  });

  it('has an interval around the difference of two detectors', async () => {
    const { answers } = readCase();
    const worse = answers.map((each, i) => (i % 4 === 0 ? { ...each, found: null } : each));
    const [before, after] = [rankClasses(worse), rankClasses(answers)];
    const { value, low, high } = await bootstrapInterval(
      { images: answers.length, before, after },
      pause,
    );
    expect(value).toBeCloseTo(scoreDetector(answers).value - scoreDetector(worse).value, 12);
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    const same = await bootstrapInterval({ images: answers.length, before, after: before }, pause);
    expect(same).toEqual({ value: 0, low: 0, high: 0 });
  });
});

const CAT: Bbox = [0, 0, 100, 100];
const answer = (found: DetectedImage['found']): DetectedImage => {
  return { image: 'a', objects: [{ class: 'cat', box: CAT }], found };
};

describe('the score of a detector', () => {
  it('is 1 for the true boxes, and for further ones of less confidence', () => {
    const found = [
      { class: 'cat', box: CAT, conf: 0.9 },
      { class: 'cat', box: [200, 0, 300, 100] as const, conf: 0.8 },
    ];
    const score = scoreDetector([answer(found)]);
    expect(score.value).toBe(1);
    expect(score.classes).toEqual({ cat: { images: 1, value: 1 } });
    expect(score.boxes).toEqual({ ap50: 1, ap75: 1, small: null, medium: null, large: 1 });
  });

  it('is 0 for an image that the model could not read, and without true boxes', () => {
    expect(scoreDetector([answer(null)]).value).toBe(0);
    expect(scoreDetector([]).value).toBe(0);
  });

  it('does not count objects of classes that no image has', () => {
    const found = [
      { class: 'dog', box: CAT, conf: 0.95 },
      { class: 'cat', box: CAT, conf: 0.9 },
    ];
    expect(scoreDetector([answer(found)])).toMatchObject({ value: 1, classes: { cat: {} } });
    expect(scoreDetector([answer(found)]).classes).not.toHaveProperty('dog');
  });

  it('counts a second box on the same object as a miss', () => {
    const found = [0.9, 0.8].map((conf) => ({ class: 'cat', box: CAT, conf }));
    const other = { ...answer([{ class: 'cat', box: CAT, conf: 0.7 }]), image: 'b' };
    // Precision 1, 1/2, 2/3: up to recall .5 it is 1, then 2/3.
    expect(scoreDetector([answer(found), other]).value).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 12);
  });
});
