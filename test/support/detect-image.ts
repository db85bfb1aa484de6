import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import type { Detector } from '../../models/detector.js';
import { readFrame } from '../../models/preprocess/read-image.js';
import type { Compared } from '../parity/compare.js';

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 300 };

/** Returns the detections of one image file in the format of the comparison. */
export async function detectImage(
  detector: Detector,
  { labels }: { readonly labels: readonly string[] },
  path: string,
): Promise<Compared[]> {
  const image = readFileSync(path);
  const { width, height } = await sharp(image).metadata();
  const frame = { width, height };
  const pixels = await readFrame(image, detector.contentSize(frame));
  const [detections] = await detector.detect([{ layout: 'pixels', bytes: pixels }], frame, OPTIONS);
  return detections!.map(({ classId, confidence, bbox }) => ({
    class: labels[classId]!,
    box: bbox,
    conf: confidence,
  }));
}
