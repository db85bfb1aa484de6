import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import type { Detector } from '../../models/detector.js';
import { readFrame } from '../../models/preprocess/read-image.js';
import type { Compared } from '../parity/compare.js';

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 300 };

/** The detections in one picture file, as a comparison takes them. */
export async function detectImage(
  detector: Detector,
  { labels }: { readonly labels: readonly string[] },
  path: string,
): Promise<Compared[]> {
  const picture = readFileSync(path);
  const { width, height } = await sharp(picture).metadata();
  const frame = { width, height };
  const pixels = await readFrame(picture, detector.contentSize(frame));
  const [detections] = await detector.detect([{ layout: 'pixels', bytes: pixels }], frame, OPTIONS);
  return detections!.map(({ classId, confidence, bbox }) => ({
    class: labels[classId]!,
    box: bbox,
    conf: confidence,
  }));
}
