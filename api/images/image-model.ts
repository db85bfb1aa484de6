import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readImage, readPixels } from '../../models/preprocess/displayed-image.js';
import { openForTask, toFindings } from '../../models/open-for-task.js';
import type { ModelOptions } from '../../models/session/running-model.js';
import { createMutex } from '../../models/session/mutex.js';
import { writeCuts } from './cut-out.js';
import type { ImageJob, ImageResult } from './image-job.js';
import { mainObject } from './main-object.js';

/** Runs a loaded model on images; a job whose signal aborts ends before its next stage. */
export type ImageModel = (job: ImageJob, signal: AbortSignal) => Promise<ImageResult>;

/** Loads a model of any task. */
export async function openImageModel(options: ModelOptions): Promise<ImageModel> {
  const model = await openForTask(options);
  const { labels } = options.manifest;
  const inTurn = createMutex();
  return async (job, signal) => {
    signal.throwIfAborted();
    // Read synchronously: the file is cached, and awaiting it would cost several turns of the event loop.
    const image = await readImage(readFileSync(job.path), job);
    const { size } = image;
    signal.throwIfAborted();
    const pixels = await readPixels(image, model.contentSize(size));
    const frame = { layout: 'pixels', bytes: pixels } as const;
    const predictOptions = { ...job.options, masks: job.cut !== undefined };
    // One inference at a time, so that its duration is measured alone; reading is concurrent.
    const { prediction, inferenceS } = await inTurn(async () => {
      signal.throwIfAborted();
      const start = performance.now();
      const prediction = await model.predict(frame, size, predictOptions);
      return { prediction, inferenceS: (performance.now() - start) / 1000 };
    });
    const objects = prediction.kind === 'objects' ? prediction.objects : [];
    const main = job.cut && mainObject(objects, size);
    signal.throwIfAborted();
    const made = main ? await writeCuts(image, main, job.cut, dirname(job.path)) : [];
    return { size, found: toFindings(prediction, size, labels), inferenceS, made };
  };
}
