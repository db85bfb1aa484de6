import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Detection, type Size, toStored } from '../../domain/result/detection.js';
import { openClassifier } from '../../models/classifier.js';
import { openDetector } from '../../models/detector.js';
import type { NetworkOptions } from '../../models/session/running-network.js';
import { openSegmenter } from '../../models/segmenter.js';
import type { Task } from '../../domain/model/model-output.js';
import { createMutex } from '../../models/session/mutex.js';
import { type CutObject, cutOut } from './cut-out.js';
import type { Found, ImageJob, ImageResult } from './image-job.js';
import { mainObject } from './main-object.js';
import { readImage, readPixels } from './read-image.js';

/** Looks at pictures with a network that is loaded. */
export type ImageModel = (job: ImageJob) => Promise<ImageResult>;

/** What a network says of pixels that have its content's size. */
interface Eye {
  readonly contentSize: (frame: Size) => Size;
  readonly see: (pixels: Uint8Array, frame: Size, job: ImageJob) => Promise<Seen>;
}

interface Seen {
  readonly found: Found;
  readonly objects: readonly CutObject[];
}

/** Loads a network for what its manifest says that it is for. */
export async function openImageModel({
  task,
  ...options
}: NetworkOptions & { readonly task: Task }): Promise<ImageModel> {
  const eye = await openEye(task, options);
  const inTurn = createMutex();
  return async (job) => {
    // It was written a moment ago, and waiting for it would cost a turn of the event loop or four.
    const picture = await readImage(readFileSync(job.path), job);
    const { size } = picture;
    const pixels = await readPixels(picture, eye.contentSize(size));
    // Reading goes on meanwhile; the time of one run is not that of two.
    const { seen, inferenceS } = await inTurn(async () => {
      const start = performance.now();
      const seen = await eye.see(pixels, size, job);
      return { seen, inferenceS: (performance.now() - start) / 1000 };
    });
    const main = job.cut && mainObject(seen.objects, size);
    const made = main ? await cutOut(picture, main, job.cut, dirname(job.path)) : [];
    return { size, found: seen.found, inferenceS, made };
  };
}

async function openEye(task: Task, options: NetworkOptions): Promise<Eye> {
  const { labels } = options.manifest;
  if (task === 'classify') {
    const classifier = await openClassifier(options);
    const see: Eye['see'] = async (pixels, frame) => {
      const confidences = Array.from(await classifier.classifyPixels(pixels, frame));
      return { found: { kind: 'classes', confidences }, objects: [] };
    };
    return { contentSize: classifier.contentSize, see };
  }
  if (task === 'detect') {
    const detector = await openDetector(options);
    const see: Eye['see'] = async (pixels, frame, job) =>
      seenOf(await detector.detectPixels(pixels, frame, job.options), frame, labels);
    return { contentSize: detector.contentSize, see };
  }
  const segmenter = await openSegmenter(options);
  // Masks cost time: they are made only where they are looked at.
  const see: Eye['see'] = async (pixels, frame, job) => {
    const objects = job.cut
      ? segmenter.segmentPixels(pixels, frame, job.options)
      : segmenter.detectPixels(pixels, frame, job.options);
    return seenOf(await objects, frame, labels);
  };
  return { contentSize: segmenter.contentSize, see };
}

function seenOf(
  objects: readonly (Detection & CutObject)[],
  frame: Size,
  labels: readonly string[],
): Seen {
  const stored = objects.map((object) => toStored(object, frame, labels));
  return { found: { kind: 'objects', objects: stored }, objects };
}
