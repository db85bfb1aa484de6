import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, expect, it } from 'vitest';
import type { DetectedImage } from '../../domain/evaluation/detection.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { gateSchema } from '../../domain/retrain/gate.js';
import type { EvaluatedModel, JudgedModel, JudgeModelInput } from '../../domain/retrain/retrain.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { judgeModel } from './judge-model.js';

const gate = gateSchema.parse({ min_test: 40 });
const IMAGES = 60;
const BOX = [0, 0, 50, 50] as const;

let objects: ObjectStore;
beforeEach(async () => {
  objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.results);
});

/** Stores the answers of a model for images of cats and dogs in turn. */
async function evaluated(model: string, finds: (name: string, image: number) => boolean) {
  const key = keys.evaluation('fish-1', model.repeat(64));
  const answers = Array.from({ length: IMAGES }, (_, image): DetectedImage => {
    const name = image % 2 === 0 ? 'cat' : 'dog';
    const found = finds(name, image) ? [{ class: name, box: BOX, conf: 0.9 }] : [];
    return { image: String(image), objects: [{ class: name, box: BOX }], found };
  });
  const lines = answers.map((answer) => `${JSON.stringify(answer)}\n`);
  await objects.put(BUCKETS.results, key, lines.join(''));
  return { key, images: IMAGES, failed: 0, ms_per_image: 10 };
}

function judge(champion: EvaluatedModel, challenger: EvaluatedModel): Promise<JudgedModel> {
  const input: JudgeModelInput = { task: 'detect', champion, challenger, gate };
  return new MockActivityEnvironment().run(judgeModel, { objects }, input);
}

it('passes a detector that finds more objects', async () => {
  const champion = await evaluated('a', (_, image) => image % 3 === 0);
  const challenger = await evaluated('b', () => true);
  const judged = await judge(champion, challenger);
  expect(judged.verdict).toEqual({ gate: 'pass', reasons: [] });
  const { difference, ...scores } = judged.comparison;
  expect(scores).toMatchObject({
    images: IMAGES,
    challenger: { value: 1, calibration_error: null, boxes: { ap50: 1, small: null, medium: 1 } },
  });
  expect(difference.low).toBeGreaterThan(0.3);
});

it('fails a detector that lost a class although it finds more objects', async () => {
  const champion = await evaluated('a', (name, image) => name === 'cat' || image === 1);
  const challenger = await evaluated('b', (name, image) => name === 'dog' || image % 8 !== 0);
  const { comparison, verdict } = await judge(champion, challenger);
  expect(comparison.challenger.value).toBeGreaterThan(comparison.champion.value);
  expect(verdict).toMatchObject({ gate: 'fail' });
  expect(verdict.reasons).toHaveLength(1);
  expect(verdict.reasons[0]).toContain('"cat" fell from 100.0 %');
});
