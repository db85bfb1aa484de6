import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildEnsemble } from '../domain/model/build-ensemble.js';
import {
  CITY,
  type ConstantDetector,
  ROAD,
  writeConstantDetector,
} from '../test/support/constant-detectors.js';
import { fixtureModel, recogniseFile, writeFixtureModel } from '../test/support/fixture-models.js';
import type { KnownModel } from './catalogue.js';
import { loadClassifier, loadDetector } from './load-model.js';
import type { FramePixels, ModelOptions } from './session/running-model.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-ensembles-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const FRAME = { width: 200, height: 100 };
const SESSION = { modelPath: '', threads: 1, device: 'cpu' } as const;
const OPTIONS = { conf: 0.1, iou: 0.45, maxDetections: 300 };

/** A model and its weight. */
type Member = readonly [{ readonly path: string; readonly manifest: KnownModel }, number];

function ensembleOf(
  members: readonly Member[],
  classes: 'mean' | 'log-mean' = 'mean',
): ModelOptions {
  const manifest = buildEnsemble({
    name: 'both',
    members: members.map(([{ manifest: model }, weight]) => {
      return { model: { ...model, version: 1 }, weight };
    }),
    boxes: { iou: 0.55, member_conf: 0.1 },
    classes,
  });
  return { ...SESSION, manifest, members: members.map(([member]) => member) };
}

describe('an ensemble of detectors', () => {
  async function detect(options: Partial<typeof OPTIONS> & { classIds?: Set<number> } = {}) {
    const write = (model: ConstantDetector) => writeConstantDetector(folder, model);
    const ensemble = ensembleOf([
      [await write(CITY), 1],
      [await write(ROAD), 2],
    ]);
    const detector = await loadDetector(ensemble);
    try {
      expect(detector.contentSize(FRAME)).toEqual(FRAME);
      const bytes = new Uint8Array(3 * FRAME.width * FRAME.height);
      const frames: FramePixels[] = [
        { layout: 'planes', bytes },
        { layout: 'pixels', bytes },
      ];
      const [planes, pixels] = await detector.detect(frames, FRAME, { ...OPTIONS, ...options });
      expect(pixels).toEqual(planes);
      return planes!.map(({ classId, confidence, bbox }) => {
        const label = ensemble.manifest.labels[classId];
        return [label, Number(confidence.toFixed(4)), ...bbox.map(Math.round)];
      });
    } finally {
      await detector.close();
    }
  }

  it('fuses boxes in pixels of the frame and matches classes by name', async () => {
    expect(await detect()).toEqual([
      // (0.8 * 1 + 0.6 * 2) / 3
      ['car', 0.6667, 50, 25, 150, 75],
      // Only one member has this class.
      ['truck', 0.5, 100, 50, 200, 100],
      // Both members have this class, and the one with a third of the weight found it.
      ['person', 0.2, 25, 13, 50, 25],
    ]);
  });

  it('applies the options of a job to the fused boxes', async () => {
    const labels = async (options: Parameters<typeof detect>[0]) =>
      (await detect(options)).map(([label]) => label);
    expect(await labels({ conf: 0.25 })).toEqual(['car', 'truck']);
    expect(await labels({ maxDetections: 1 })).toEqual(['car']);
    expect(await labels({ classIds: new Set([1]) })).toEqual(['person']);
  });

  it('is not opened without its members, or as a classifier', async () => {
    const ensemble = ensembleOf([
      [await writeConstantDetector(folder, CITY), 1],
      [await writeConstantDetector(folder, ROAD), 1],
    ]);
    const missing = loadDetector({ ...ensemble, members: [] });
    await expect(missing).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    await expect(loadClassifier(ensemble)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('an ensemble of classifiers', () => {
  /** Colour for which the fixtures have reference results. */
  const COLOUR = [51, 102, 204];
  const LABELS = ['a', 'b', 'c'];
  const IMAGE = { width: 12, height: 8 };
  const pixels = Uint8Array.from({ length: 3 * 12 * 8 }, (_, i) => COLOUR[i % 3]!);
  const planes = Uint8Array.from([102, 204, 51].flatMap((value) => Array<number>(96).fill(value)));

  const classifierOf = async (name: string, labels: readonly string[]) => {
    const path = await writeFixtureModel(folder, name);
    const facts = { name, sha256: 'a'.repeat(64), size_bytes: 1, licence: 'none', source: 'test' };
    return { path, manifest: { ...facts, ...(await recogniseFile(path, { labels })) } };
  };

  async function classify(fusion: 'mean' | 'log-mean', frame: FramePixels) {
    // The labels of the second model are in another order.
    const ensemble = ensembleOf(
      [
        [await classifierOf('keras', LABELS), 1],
        [await classifierOf('logits', ['c', 'a', 'b']), 3],
      ],
      fusion,
    );
    const classifier = await loadClassifier(ensemble);
    try {
      const [confidences] = await classifier.classify([frame], IMAGE);
      return [...confidences!];
    } finally {
      await classifier.close();
    }
  }

  const first = fixtureModel('keras').confidences!;
  const [c, a, b] = fixtureModel('logits').confidences!;
  const second = [a!, b!, c!];
  const means = first.map((value, i) => (value + 3 * second[i]!) / 4);
  const products = first.map((value, i) => value ** 0.25 * second[i]! ** 0.75);
  const total = products.reduce((sum, value) => sum + value, 0);

  it.each([
    ['mean', means],
    ['log-mean', products.map((value) => value / total)],
  ] as const)('returns the %s of its members, matched by name', async (fusion, expected) => {
    for (const frame of [
      { layout: 'pixels', bytes: pixels },
      { layout: 'planes', bytes: planes },
    ] as const) {
      const confidences = await classify(fusion, frame);
      confidences.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 4));
      expect(confidences.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
    }
  });
});
