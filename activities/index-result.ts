import type { EventDocument, IndexedResult } from '../domain/job/event.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { ObjectStore } from '../domain/ports/object-store.js';
import type { FrameRow } from '../domain/result/result.js';
import { createSightingCollector } from '../domain/search/collect-sightings.js';
import { refreshVideo } from '../domain/search/refresh-video.js';
import { type SightedJob, type SightingSpan, sightingOfJob } from '../domain/search/sighting.js';
import type { VideoPlan } from '../domain/video/plan.js';
import type { Beat } from './heartbeat.js';
import { partsInOrder } from './parts-in-order.js';
import { createRowTracker, isTracked } from './stored-tracks.js';

export interface IndexResultDeps {
  readonly objects: ObjectStore;
  readonly documents: Pick<DocumentStore, 'findNewestIndexed' | 'libraryVideos' | 'sightings'>;
}

export interface IndexRequest {
  readonly plan: VideoPlan;
  readonly job: SightedJob;
  /** Writes fields to the event of the job. */
  readonly update: (fields: Pick<EventDocument, 'indexed'>) => Promise<unknown>;
}

/** Number of sightings that are stored at once. */
const BATCH = 500;

/**
 * Stores the sightings of a job from its parts and tracks, and what the library shows of its video. Can be
 * repeated: the same parts make the same documents, and those of an earlier result are removed.
 */
export async function indexResult(
  { objects, documents }: IndexResultDeps,
  { plan, job, update }: IndexRequest,
  { signal, report }: Beat,
): Promise<IndexedResult> {
  const { sightings: store } = documents;
  await store.removeOfJob(job.event_id);
  const collector = createSightingCollector({ every: plan.parameters.every });
  const poster = createPosterChoice();
  const tracker = (await isTracked(objects, plan)) && createRowTracker(objects, plan);
  let waiting: SightingSpan[] = [];
  let sightings = 0;
  const flush = async () => {
    signal.throwIfAborted();
    await store.put(waiting.map((span) => sightingOfJob(job, span)));
    sightings += waiting.length;
    waiting = [];
    report({ sightings });
  };
  for await (const [, part] of partsInOrder(objects, plan)) {
    for (const row of part?.rows ?? []) {
      poster.add(row);
      waiting.push(...collector.add(tracker ? await tracker.add(row) : row));
      if (waiting.length >= BATCH) await flush();
    }
    report({ sightings });
  }
  waiting.push(...collector.end());
  await flush();
  const { bucket, key } = plan.source;
  const bytes = (await objects.stat(bucket, key))?.size ?? 0;
  const indexed = { sightings, poster_frame: poster.frame(), ...factsOf(plan), bytes };
  signal.throwIfAborted();
  await update({ indexed });
  await refreshVideo(documents, { bucket, videoId: job.video_id });
  return indexed;
}

function factsOf({ video }: VideoPlan): Pick<IndexedResult, 'duration_ms' | 'size'> {
  const { size, frame_rate: rate, frame_count } = video;
  const duration_ms = rate && Math.round((frame_count * 1000 * rate.den) / rate.num);
  return { size, duration_ms };
}

/** Finds the frame with the most objects, by the sum of their confidences. */
function createPosterChoice() {
  let best: { readonly frame: number; readonly sum: number } | undefined;
  return {
    add({ frame, objects }: FrameRow) {
      const sum = objects.reduce((total, { conf }) => total + conf, 0);
      if (!best || sum > best.sum) best = { frame, sum };
    },
    frame: () => best?.frame ?? null,
  };
}
