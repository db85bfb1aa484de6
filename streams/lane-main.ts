import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { readConfig } from '../config/index.js';
import { toStored } from '../domain/result/detection.js';
import { serveLane } from '../lanes/serve.js';
import { classIdsOf } from '../models/class-ids.js';
import type { Detector } from '../models/detector.js';
import { loadDetector } from '../models/load-model.js';
import type { LocalModel } from '../domain/ports/model-registry.js';
import type { StreamJob, StreamResult } from './lane-job.js';

/** A detector with its model. */
interface LoadedModel extends LocalModel {
  readonly detector: Detector;
}

/** Detects the objects of one frame. */
async function detectFrame({ detector, manifest }: LoadedModel, job: StreamJob) {
  const { conf, iou, max_det: maxDetections, classes } = job.parameters;
  const classIds = classes && classIdsOf(manifest, classes);
  const options = { conf, iou, maxDetections, ...(classIds && { classIds }) };
  const bytes = await readFile(job.path);
  const [found = []] = await detector.detect([{ layout: job.layout, bytes }], job.size, options);
  return found.map((each) => toStored(each, job.size, manifest.labels));
}

const { laneThreads: threads, device } = readConfig();
sharp.concurrency(1);
sharp.cache(false);
/** Process of the stream worker that runs one model on frames of cameras. */
serveLane<LoadedModel, StreamJob, StreamResult>({
  load: async (model, { onInference }) => {
    const { manifest, path: modelPath, members } = model;
    const source = { manifest, modelPath, members, onInference };
    const detector = await loadDetector({ ...source, threads, device });
    return { ...model, detector };
  },
  run: detectFrame,
});
