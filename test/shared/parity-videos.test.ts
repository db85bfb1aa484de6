import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { YOLOX_NANO } from '../../models/catalogue.js';
import { openDetector } from '../../models/detector.js';
import { detectImage } from '../support/detect-image.js';
import { selectModes } from '../support/modes.js';
import { REAL_MODEL } from '../support/shared-settings.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import {
  addAgreements,
  type Agreement,
  compareDetections,
  type Compared,
  NOTHING_COMPARED,
  shareOf,
} from '../parity/compare.js';
import { compareFrames, readExpected } from '../parity/compare-frames.js';
import { testDataFolder } from '../parity/test-data.js';

/** Share of the confident detections of either side that the other side must have. */
const REQUIRED = 0.99;
const RUNS_FOR_MS = 120_000;
const VIDEOS = ['car-detection', 'one-by-one-person-detection'] as const;
const [RAW, PREPROCESSED] = ['raw', 'preprocessed'] as const;
/** One job per storage and clip, which `npm test` runs, and the others. */
const FIRST_MODES = [
  { frames: 'objects', reference: RAW },
  { frames: 'packed', reference: PREPROCESSED },
  { frames: 'none', reference: RAW },
] as const;
const OTHER_MODES = [
  { frames: 'objects', reference: PREPROCESSED },
  { frames: 'packed', reference: RAW },
  { frames: 'none', reference: PREPROCESSED },
] as const;
const MODES = selectModes(FIRST_MODES, OTHER_MODES);

const data = testDataFolder();
let stack: SharedConnection;
let images: Agreement;

beforeAll(async () => {
  stack = await connectSharedStack();
  for (const video of VIDEOS)
    await stack.putVideo(`parity-${video}`, join(data, `videos/${video}.mp4`));
  images = await compareImages();
});
afterAll(() => stack?.close());

describe('both clips and ten images, through the workflow', () => {
  it.each(MODES)(
    'agree with OpenCV and onnxruntime, both ways: frames $frames, $reference',
    async ({ frames, reference }) => {
      const compared = await Promise.all(
        VIDEOS.map(async (video) => {
          const event_id = `parity-${video}-${frames}-${reference}`;
          const preprocess = reference === 'raw' ? (false as const) : undefined;
          await stack.run({
            ...{ video_id: `parity-${video}`, event_id, frames, preprocess, model: REAL_MODEL },
          });
          return compareFrames(`${video}.${reference}`, await stack.result(event_id));
        }),
      );
      // The images have a reference without preprocessing only.
      const parts = reference === 'raw' ? [...compared, images] : compared;
      const pooled = parts.reduce(addAgreements, NOTHING_COMPARED);
      console.log(`frames ${frames}, ${reference}: ${describeAgreement(pooled)}`);
      expect(pooled.reference.total).toBeGreaterThan(200);
      expect(shareOf(pooled.reference)).toBeGreaterThanOrEqual(REQUIRED);
      expect(shareOf(pooled.actual)).toBeGreaterThanOrEqual(REQUIRED);
    },
    RUNS_FOR_MS,
  );
});

async function compareImages(): Promise<Agreement> {
  const modelPath = join(data, 'models/yolox_nano.onnx');
  const options = { manifest: YOLOX_NANO, modelPath, threads: 1, device: 'cpu' } as const;
  const detector = await openDetector(options);
  let agreement = NOTHING_COMPARED;
  const images = readExpected<Readonly<Record<string, readonly Compared[]>>>('images');
  for (const [name, expected] of Object.entries(images)) {
    const actual = await detectImage(detector, YOLOX_NANO, join(data, 'images', name));
    agreement = addAgreements(agreement, compareDetections(expected, actual));
  }
  await detector.close();
  return agreement;
}

function describeAgreement({ reference, actual }: Agreement): string {
  const percent = (of: Agreement['reference']) => `${(100 * shareOf(of)).toFixed(2)} %`;
  return (
    `${reference.matched} of ${reference.total} reference detections found (${percent(reference)}), ` +
    `${actual.matched} of ${actual.total} found are in the reference (${percent(actual)})`
  );
}
