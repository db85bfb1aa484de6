import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Device } from '../../domain/job/task-queues.js';
import { YOLOX_NANO } from '../../models/catalogue.js';
import { openDetector, type Detector, type DetectorOptions } from '../../models/detector.js';
import type { FramePixels } from '../../models/session/running-model.js';
import { detectImage } from '../support/detect-image.js';
import { writeFixtureModel } from '../support/fixture-models.js';
import { spotModelSpec } from '../support/spot-models.js';
import { addAgreements, compareDetections, NOTHING_COMPARED, shareOf } from './compare.js';
import { testDataFolder } from './test-data.js';

/** Minimum share of the confident detections of either device that the other confirms. */
const REQUIRED = 0.99;
/** A session's first inference loads CUDA, cuDNN and the kernels. */
const LOAD_MS = 120_000;

const open = (device: Device, options: Pick<DetectorOptions, 'manifest' | 'modelPath' | 'batch'>) =>
  openDetector({ ...options, device, threads: 1 });

/** Runs `use` with the same model on both devices. */
async function onBoth<T>(
  options: Parameters<typeof open>[1],
  use: (detector: Detector) => Promise<T>,
): Promise<Readonly<Record<Device, T>>> {
  const run = async (device: Device) => {
    const detector = await open(device, options);
    try {
      return await use(detector);
    } finally {
      await detector.close();
    }
  };
  return { cpu: await run('cpu'), gpu: await run('gpu') };
}

describe('a GPU', () => {
  it(
    'detects what a CPU detects in ten images',
    async () => {
      const data = testDataFolder();
      const names = await readdir(join(data, 'images'));
      const modelPath = join(data, 'models/yolox_nano.onnx');
      const { cpu, gpu } = await onBoth({ manifest: YOLOX_NANO, modelPath }, async (detector) => {
        const found = [];
        for (const name of names)
          found.push(await detectImage(detector, YOLOX_NANO, join(data, 'images', name)));
        return found;
      });
      const { reference, actual } = cpu
        .map((objects, i) => compareDetections(objects, gpu[i]!))
        .reduce(addAgreements, NOTHING_COMPARED);
      expect(reference.total).toBeGreaterThan(30);
      expect(shareOf(reference)).toBeGreaterThanOrEqual(REQUIRED);
      expect(shareOf(actual)).toBeGreaterThanOrEqual(REQUIRED);
    },
    LOAD_MS,
  );
});

describe('batches on a GPU', () => {
  const FRAME = { width: 64, height: 64 };
  const OPTIONS = { conf: 0, iou: 0.45, maxDetections: 10 };
  /** Dark frames, each with a spot at another position. */
  const frames = Array.from({ length: 11 }, (_, number): FramePixels => {
    const bytes = new Uint8Array(3 * FRAME.width * FRAME.height).fill(number);
    const at = (3 * number + 5) * FRAME.width + 4 * number + 2;
    return { layout: 'planes', bytes: bytes.fill(255 - 9 * number, at, at + 12) };
  });
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-gpu-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(['spots', 'spots-half', 'spots-bytes'])(
    'return the order and the boxes of a CPU, also a smaller last batch: %s',
    async (name) => {
      const modelPath = await writeFixtureModel(folder, name);
      const options = { manifest: spotModelSpec(name), modelPath, batch: 4 };
      const { cpu, gpu } = await onBoth(options, async (detector) => {
        expect(detector.batchSize).toBe(4);
        return detector.detect(frames, FRAME, OPTIONS);
      });
      expect(gpu.map(([spot]) => roundBox(spot!))).toEqual(cpu.map(([spot]) => roundBox(spot!)));
      expect(new Set(gpu.map(([spot]) => JSON.stringify(spot))).size).toBe(frames.length);
    },
    LOAD_MS,
  );
});

const roundBox = ({ bbox }: { readonly bbox: readonly number[] }) => bbox.map(Math.round);
