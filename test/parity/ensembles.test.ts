import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildEnsemble } from '../../domain/model/build-ensemble.js';
import type { Bbox, Detection } from '../../domain/result/detection.js';
import { YOLOX_NANO } from '../../models/catalogue.js';
import { openDetector, type Detector } from '../../models/detector.js';
import { fuseBoxes, type MemberBox } from '../../models/ensemble/fuse-boxes.js';
import { loadDetector } from '../../models/load-model.js';
import { detectImage } from '../support/detect-image.js';
import type { Compared } from './compare.js';
import { testDataFolder } from './test-data.js';

const data = testDataFolder();

/** A call of `weighted_boxes_fusion` of the Python package ensemble-boxes 1.0.9, and its result. */
interface ReferenceCase {
  readonly boxes: readonly (readonly Bbox[])[];
  readonly scores: readonly (readonly number[])[];
  readonly labels: readonly (readonly number[])[];
  readonly weights: readonly number[];
  readonly iou: number;
  readonly skip: number;
  readonly out: {
    readonly boxes: readonly Bbox[];
    readonly scores: readonly number[];
    readonly labels: readonly number[];
  };
}

const cases = JSON.parse(
  readFileSync(join(data, 'lifecycle/wbf.json'), 'utf8'),
) as readonly ReferenceCase[]; // written by ensemble-boxes with `box_and_model_avg`

function memberBoxes({ boxes, scores, labels, skip }: ReferenceCase): MemberBox[] {
  return boxes.flatMap((found, member) =>
    found.flatMap((bbox, i) => {
      const [confidence, classId] = [scores[member]![i]!, labels[member]![i]!];
      const isEmpty = bbox[2] <= bbox[0] || bbox[3] <= bbox[1];
      return confidence < skip || isEmpty ? [] : [{ member, classId, confidence, bbox }];
    }),
  );
}

/** Detections in an order that does not depend on rounding. */
function inOrder(detections: readonly Detection[]): readonly (readonly number[])[] {
  const rows = detections.map(({ classId, confidence, bbox }) => [classId, ...bbox, confidence]);
  return rows.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]! || a[2]! - b[2]!);
}

describe('fuseBoxes', () => {
  it('equals ensemble-boxes in 1000 of 1000 cases', () => {
    expect(cases).toHaveLength(1000);
    for (const each of cases) {
      const { weights, iou, out } = each;
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const fused = fuseBoxes(memberBoxes(each), { weights, iou, totalWeight: () => total });
      const expected = out.boxes.map((bbox, i) => {
        return { bbox, classId: out.labels[i]!, confidence: out.scores[i]! };
      });
      const [found, wanted] = [inOrder(fused), inOrder(expected)];
      expect(found).toHaveLength(wanted.length);
      found.forEach((row, i) =>
        row.forEach((value, j) => expect(Math.abs(value - wanted[i]![j]!)).toBeLessThan(1e-5)),
      );
    }
  });
});

describe('an ensemble of YOLOX-nano with itself', () => {
  const modelPath = join(data, 'models/yolox_nano.onnx');
  const session = { threads: 1, device: 'cpu' } as const;

  async function detectAll(detector: Detector): Promise<readonly (readonly Compared[])[]> {
    try {
      const found: (readonly Compared[])[] = [];
      for (const name of readdirSync(join(data, 'images')).slice(0, 3)) {
        found.push(await detectImage(detector, YOLOX_NANO, join(data, 'images', name)));
      }
      return found;
    } finally {
      await detector.close();
    }
  }

  it('finds the boxes of YOLOX-nano', async () => {
    const members = [1, 2].map((version) => ({ ...YOLOX_NANO, version }));
    const ensemble = buildEnsemble({
      name: 'twice',
      members: members.map((model) => ({ model, weight: 1 })),
      boxes: { iou: 0.55, member_conf: 0.1 },
      classes: 'mean',
    });
    const alone = await detectAll(
      await openDetector({ ...session, manifest: YOLOX_NANO, modelPath }),
    );
    const fused = await detectAll(
      await loadDetector({
        ...{ ...session, manifest: ensemble, modelPath: '' },
        members: members.map((manifest) => ({ manifest, path: modelPath })),
      }),
    );
    const summary = (images: typeof alone) =>
      images.map((objects) => objects.map(({ class: name, conf }) => [name, conf.toFixed(4)]));
    expect(alone.flat().length).toBeGreaterThan(5);
    expect(summary(fused)).toEqual(summary(alone));
  });
});
