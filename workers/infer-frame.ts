import type { Detection } from '../domain/detection.js';
import { messageOf } from '../domain/errors.js';
import type { LaneJob } from '../domain/ports.js';
import { classIdsOf } from '../models/class-ids.js';
import type { Detector } from '../models/detector.js';
import type { NetworkFrame } from './frame-reader.js';
import { openMarker } from './inferring-marker.js';

/** What the network found in a frame, or why it found nothing. */
export type Inferred = { readonly detections: readonly Detection[] } | { readonly reason: string };

export interface Inference {
  infer(frame: NetworkFrame): Promise<Inferred>;
  close(): void;
}

const TRIES = 2;

/**
 * Runs the network on frames of a job. One on which it fails is tried once more; frames that have
 * ended lanes are not tried. The frame at work is written down in the attempt's folder.
 */
export function createInference(detector: Detector, job: LaneJob): Inference {
  const { conf, iou, max_det: maxDetections, classes } = job.parameters;
  const classIds = classes && classIdsOf(job.model.manifest, classes);
  const options = { conf, iou, maxDetections, ...(classIds && { classIds }) };
  const known = new Map((job.failed ?? []).map(({ frame, reason }) => [frame, reason]));
  const marker = openMarker(job.source.folder);
  const detect = ({ layout, bytes }: NetworkFrame) =>
    layout === 'planes'
      ? detector.detectPlanes(bytes, job.video.size, options)
      : detector.detectPixels(bytes, job.video.size, options);
  return {
    infer: async (each) => {
      const { frame } = each.frame;
      const reason = known.get(frame);
      if (reason !== undefined) return { reason };
      marker.begin(frame);
      try {
        return await twice(() => detect(each));
      } finally {
        marker.end();
      }
    },
    close: () => marker.close(),
  };
}

async function twice(detect: () => Promise<readonly Detection[]>): Promise<Inferred> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return { detections: await detect() };
    } catch (error) {
      if (left === 0) return { reason: `inference failed, twice: ${messageOf(error)}` };
    }
  }
}
