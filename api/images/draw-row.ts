import sharp from 'sharp';
import { isGap, type Streams } from '../../client/index.js';
import { readClasses } from '../../domain/model/model-classes.js';
import { createPalette } from '../../domain/result/class-colours.js';
import type { StoredObject } from '../../domain/result/detection.js';
import type { StreamDetection } from '../../domain/stream/row.js';
import type { ApiServices } from '../context.js';
import { annotateJpeg } from './annotate.js';

/** Draws the objects of the last row of a scenario on its newest image. */
export async function drawLastRow(
  { client: { streams }, models }: Pick<ApiServices, 'client' | 'models'>,
  scenarioUuid: string,
  jpeg: Buffer,
): Promise<Buffer> {
  const { frame_number, model, frame_size } = await streams.get(scenarioUuid);
  const detections = await readDetections(streams, scenarioUuid, frame_number ?? 0);
  const palette = createPalette(model ? await readClasses(models, model) : []);
  // Images of a decoded camera have the size of the model, boxes that of the camera.
  const { width, height } = await sharp(jpeg).metadata();
  const scale = frame_size
    ? ([width / frame_size.width, height / frame_size.height] as const)
    : ([1, 1] as const);
  const objects = detections.map((detection) => toStoredObject(detection, scale));
  return annotateJpeg(jpeg, objects, palette);
}

async function readDetections(
  streams: Pick<Streams, 'results'>,
  scenarioUuid: string,
  number: number,
): Promise<readonly StreamDetection[]> {
  let last: readonly StreamDetection[] = [];
  for await (const entry of streams.results(scenarioUuid, { after: Math.max(0, number - 1) })) {
    if (!isGap(entry)) last = entry.detections;
  }
  return last;
}

/** @param scale pixels of the image per pixel of the frame, across and down. */
function toStoredObject(
  { class: name, confidence, bbox: [x1, y1, x2, y2] }: StreamDetection,
  [x, y]: readonly [number, number],
): StoredObject {
  return { class: name, box: [x1 * x, y1 * y, x2 * x, y2 * y], conf: confidence };
}
