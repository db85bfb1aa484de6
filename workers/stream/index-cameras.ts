import { messageOf } from '../../domain/errors.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import {
  createSightingCollector,
  SIGHTING_PAUSE_MS,
  type SightingCollector,
} from '../../domain/search/collect-sightings.js';
import { sightingOfCamera, type SightingSpan } from '../../domain/search/sighting.js';
import { isGap } from '../../domain/stream/entry.js';
import { dayOf } from '../../domain/stream/log/log-keys.js';
import { createLogReader, type LogReader } from '../../domain/stream/log/read-log.js';
import type { StoredRow } from '../../domain/stream/row.js';
import type { ScenarioDocument } from '../../domain/stream/scenario-document.js';
import type { Logger } from '../../runtime/logger.js';
import { listScenarios } from './list-scenarios.js';

export interface IndexCamerasDeps {
  readonly objects: ObjectStore;
  readonly documents: Pick<DocumentStore, 'scenarios' | 'sightings'>;
  readonly logger: Logger;
}

/** What this process knows of the log of a camera. */
interface CameraIndex {
  readonly runId: string;
  readonly fps: number;
  readonly reader: LogReader;
  readonly collector: SightingCollector;
  /** Day of the last row, in UTC. */
  day: string;
}

/** Number of sightings that are stored at once. */
const BATCH = 500;
/** Rows that may be missing before a row counts as absent, at the frame rate of the scenario. */
const PAUSE_ROWS = 2;

/**
 * Creates a function that stores the sightings of the new rows of all cameras. It continues after the
 * rows that its scenario document names, so that a crash loses none; several workers, and repetitions,
 * store the same sightings. A sighting ends with the day in UTC.
 */
export function createCameraIndexer(deps: IndexCamerasDeps) {
  const indices = new Map<string, CameraIndex>();
  return async (signal: AbortSignal): Promise<void> => {
    const seen = new Set<string>();
    for await (const document of listScenarios(deps.documents)) {
      const { scenario_uuid: uuid, sightings } = document;
      if (sightings?.done) continue;
      seen.add(uuid);
      const index = continueIndex(deps, indices.get(uuid), document);
      indices.set(uuid, index);
      await indexRows(deps, index, document, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        indices.delete(uuid); // it is read again from the last place that is stored
        const reason = messageOf(error);
        deps.logger.warn({ scenario: uuid, reason }, 'sightings of a camera not stored');
      });
    }
    for (const uuid of indices.keys()) if (!seen.has(uuid)) indices.delete(uuid);
  };
}

function continueIndex(
  { objects: store }: IndexCamerasDeps,
  index: CameraIndex | undefined,
  { scenario_uuid: uuid, run_id: runId, scenario, sightings }: ScenarioDocument,
): CameraIndex {
  const { fps } = scenario;
  if (index?.runId === runId && index.fps === fps) return index;
  const pauseMs = Math.max(SIGHTING_PAUSE_MS, (PAUSE_ROWS * 1000) / fps);
  const reader = createLogReader({ store, uuid }, sightings?.after ?? 0);
  return { runId, fps, reader, collector: createSightingCollector({ pauseMs }), day: '' };
}

async function indexRows(
  { documents }: IndexCamerasDeps,
  index: CameraIndex,
  { scenario_uuid: uuid, run_id, end, sightings }: ScenarioDocument,
  signal: AbortSignal,
): Promise<void> {
  const { reader, collector } = index;
  let waiting: SightingSpan[] = [];
  const flush = async () => {
    signal.throwIfAborted();
    await documents.sightings.put(waiting.map((span) => sightingOfCamera(uuid, span)));
    waiting = [];
  };
  for await (const { entries } of reader.readAdded({ signal })) {
    for (const entry of entries) if (!isGap(entry)) waiting.push(...addRow(index, entry));
    if (waiting.length >= BATCH) await flush();
  }
  const open = end ? collector.end() : collector.open();
  waiting.push(...open);
  await flush();
  const firstOpen = Math.min(...(end ? [] : open.map(({ first_frame }) => first_frame)));
  const place = { after: Math.min(reader.position.number, firstOpen - 1), done: end !== null };
  if (place.after !== sightings?.after || place.done) {
    await documents.scenarios.update(uuid, run_id, { sightings: place });
  }
  // The scenario may have been deleted before its sightings were stored.
  if (open.length > 0 && !(await documents.scenarios.find(uuid))) {
    await documents.sightings.removeOfCamera(uuid, new Date());
  }
}

function addRow(index: CameraIndex, row: StoredRow): SightingSpan[] {
  const timestamp_ms = Date.parse(row.timestamp);
  const day = dayOf(timestamp_ms);
  const ended = day === index.day ? [] : index.collector.end();
  index.day = day;
  const objects = row.detections.map(({ class: name, confidence, bbox }) => {
    return { class: name, conf: confidence, box: bbox };
  });
  return [...ended, ...index.collector.add({ frame: row.frame_number, timestamp_ms, objects })];
}
