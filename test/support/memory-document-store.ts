import type { ApiKey } from '../../domain/api-key.js';
import type { BatchDocument } from '../../domain/job/batch.js';
import type { Experiment } from '../../domain/experiment/experiment.js';
import type { EventDocument, PredictionDocument } from '../../domain/job/event.js';
import { isClosed } from '../../domain/job/job-status.js';
import type { BatchPosition, BatchStore } from '../../domain/ports/batch-store.js';
import type {
  ApiKeyStore,
  DocumentStore,
  EventPosition,
  EventQuery,
  KeptRequest,
} from '../../domain/ports/document-store.js';
import { createMemoryAlerts } from './memory-alerts.js';
import { createMemoryExperiments } from './memory-experiments.js';
import { createMemoryImageBatches } from './memory-image-batches.js';
import type { FrameFeedback } from '../../domain/result/frame-feedback.js';
import { createMemoryCameras, createMemoryScenarios } from './memory-scenarios.js';
import { createMemoryFrameFeedback } from './memory-frame-feedback.js';
import { createMemoryImportedFeedback } from './memory-imported-feedback.js';
import { createMemoryKeptImages } from './memory-kept-images.js';
import type {
  Feedback,
  LoggedPrediction,
  PredictionQuery,
} from '../../domain/result/prediction-log.js';
import type { Sighting } from '../../domain/search/sighting.js';
import { createMemoryLibraryVideos } from './memory-library-videos.js';
import { createMemorySightings } from './memory-sightings.js';
import { createMemoryStreamEvents } from './memory-stream-events.js';

export interface MemoryDocuments {
  readonly events?: readonly EventDocument[];
  readonly apiKeys?: readonly ApiKey[];
  /** Predictions of images with feedback, the newest first. */
  readonly imagePredictions?: readonly LoggedPrediction[];
  readonly experiments?: readonly Experiment[];
}

/** A document store in memory; passes the contract of `test/contracts/document-store.ts`. */
export function createMemoryDocumentStore({
  events: stored = [],
  apiKeys = [],
  imagePredictions = [],
  experiments = [],
}: MemoryDocuments = {}): DocumentStore {
  const events = new Map(stored.map((event) => [event.event_id, event]));
  const predictions = new Map<string, PredictionDocument>();
  const feedback = new Map<string, FrameFeedback>();
  const sightings = new Map<string, Sighting>();
  const alerts = createMemoryAlerts();
  const requests = new Map<string, KeptRequest & { readonly created_at: Date }>();
  const change = (event: EventDocument, fields: Partial<EventDocument>) =>
    events.set(event.event_id, { ...event, ...fields });
  return {
    findEvent: (eventId) => later(() => events.get(eventId)),
    insertEvent: (event) =>
      later(() => {
        if (events.has(event.event_id)) return false;
        events.set(event.event_id, event);
        return true;
      }),
    updateEvent: (eventId, runId, fields) =>
      later(() => {
        const event = events.get(eventId);
        if (event?.run_id !== runId) return false;
        change(event, fields);
        return true;
      }),
    closeAbandoned: (runId, fields) =>
      later(() => {
        const open = [...events.values()].find(
          (event) => event.run_id === runId && !isClosed(event.status),
        );
        if (open) change(open, fields);
        return open?.event_id;
      }),
    adoptEvent: (eventId, fields) =>
      later(() => {
        const event = events.get(eventId);
        if (event) change(event, fields);
      }),
    insertPredictions: (documents) =>
      later(() => {
        for (const document of documents) {
          if (!predictions.has(document._id)) predictions.set(document._id, document);
        }
      }),
    listEvents: (query) =>
      later(() =>
        [...events.values()]
          .filter((event) => isSelected(event, query))
          .sort(compareEvents)
          .slice(0, query.limit),
      ),
    findStatuses: (eventIds) =>
      later(() => {
        const found = eventIds.flatMap((id) => events.get(id) ?? []);
        return new Map(found.map(({ event_id, status }) => [event_id, status]));
      }),
    findClosedIds: ({ before, after = '', limit, isIndexed }) =>
      later(() =>
        [...events.values()]
          .filter(({ status, closed_at }) => isClosed(status) && closed_at && closed_at < before)
          .filter(({ indexed }) => isIndexed === undefined || !indexed)
          .map(({ event_id }) => event_id)
          .sort()
          .filter((id) => id > after)
          .slice(0, limit),
      ),
    findNewestIndexed: ({ bucket, videoId, except }) =>
      later(() =>
        [...events.values()]
          .filter((event) => event.video_id === videoId && event.bucket === bucket)
          .filter(({ indexed, event_id }) => indexed !== undefined && event_id !== except)
          .sort(compareEvents)
          .at(0),
      ),
    findIdsOfVideo: (bucket, videoId, limit) =>
      later(() =>
        [...events.values()]
          .filter((event) => event.video_id === videoId && event.bucket === bucket)
          .map(({ event_id }) => event_id)
          .sort()
          .slice(0, limit),
      ),
    deleteJob: async (eventId) => {
      const logged = await alerts.removeOfJob(eventId);
      return later(() => {
        const isOfJob = ({ event_id }: { readonly event_id: string | null }) =>
          event_id === eventId;
        const removed = removeWhere(predictions, isOfJob) + removeWhere(feedback, isOfJob);
        const counted = removeWhere(sightings, isOfJob) + logged;
        return removed + counted + removeWhere(requests, isOfJob) + removeWhere(events, isOfJob);
      });
    },
    claimRequest: (key, content) =>
      later(() => {
        const claimed = requests.get(key) ?? { content, event_id: null, created_at: new Date() };
        requests.set(key, claimed);
        return claimed;
      }),
    settleRequest: (key, eventId) =>
      later(() => {
        const request = requests.get(key);
        if (request) requests.set(key, { ...request, event_id: eventId });
      }),
    forgetRequests: (before) =>
      later(() => {
        for (const [key, { created_at }] of requests) if (created_at < before) requests.delete(key);
      }),
    batches: createMemoryBatches(),
    imageBatches: createMemoryImageBatches(),
    scenarios: createMemoryScenarios(),
    cameras: createMemoryCameras(),
    apiKeys: createMemoryApiKeys(apiKeys),
    streamEvents: createMemoryStreamEvents(),
    alerts,
    frameFeedback: createMemoryFrameFeedback(feedback),
    sightings: createMemorySightings(sightings),
    libraryVideos: createMemoryLibraryVideos(),
    keptImages: createMemoryKeptImages(),
    importedFeedback: createMemoryImportedFeedback(),
    experiments: createMemoryExperiments(experiments),
    imagePredictions: createMemoryPredictionLog(imagePredictions),
    ensureIndexes: () => Promise.resolve(),
    ping: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** Log of these predictions, the newest first; those that are added to the list later count. */
function createMemoryPredictionLog(
  predictions: readonly LoggedPrediction[],
): DocumentStore['imagePredictions'] {
  const added: Feedback[] = [];
  const withFeedback = (prediction: LoggedPrediction) => {
    const isOf = ({ prediction_id }: Feedback) => prediction_id === prediction.prediction_id;
    return { ...prediction, feedback: [...prediction.feedback, ...added.filter(isOf)] };
  };
  const list = ({ limit, before, since, audit, experiment }: PredictionQuery) =>
    later(() => {
      const isFound = ({ prediction_id, time, ...each }: LoggedPrediction) =>
        (before === undefined || prediction_id < before) &&
        (!since || time >= since) &&
        (!audit || each.audit === true) &&
        (experiment === undefined || each.experiment?.id === experiment);
      return predictions.filter(isFound).slice(0, limit).map(withFeedback);
    });
  return {
    find: (id) => later(() => predictions.find(({ prediction_id }) => prediction_id === id)),
    addFeedback: (feedback) => later(() => void added.push(feedback)),
    list,
    listOfExperiment: (id, limit) =>
      later(() => predictions.filter(({ experiment }) => experiment?.id === id).slice(0, limit)),
    listWithFeedback: list,
  };
}

/** Removes matching entries and returns their number. */
function removeWhere<T>(entries: Map<string, T>, isMatch: (entry: T) => boolean): number {
  const found = [...entries].filter(([, entry]) => isMatch(entry));
  for (const [key] of found) entries.delete(key);
  return found.length;
}

function isSelected(event: EventDocument, query: EventQuery): boolean {
  const { status, text, after, video, className, eventIds, since } = query;
  if (status !== undefined && event.status !== status) return false;
  if (after && compareEvents(event, after) <= 0) return false;
  if (eventIds && !eventIds.includes(event.event_id)) return false;
  if (since && event.created_at < since) return false;
  if (!hasModel(event, query)) return false;
  if (className !== undefined && !event.classes?.includes(className)) return false;
  const { event_id, video_id, video_name } = event;
  const names = [video_id, video_name ?? ''];
  return contain(names, video) && contain([event_id, ...names], text);
}

function contain(names: readonly string[], text = ''): boolean {
  return names.some((name) => name.toLowerCase().includes(text.toLowerCase()));
}

function hasModel({ model }: EventDocument, { model: wanted }: EventQuery): boolean {
  if (!wanted) return true;
  return model.name === wanted.name && (wanted.version ?? model.version) === model.version;
}

/** Newest first; events of one time by id, descending. */
function compareEvents(a: EventPosition, b: EventPosition): number {
  const age = b.created_at.getTime() - a.created_at.getTime();
  if (age !== 0 || a.event_id === b.event_id) return age;
  return a.event_id < b.event_id ? 1 : -1;
}

function createMemoryBatches(): BatchStore {
  const batches = new Map<string, BatchDocument>();
  return {
    insert: (batch) =>
      later(() => {
        if (!batches.has(batch.batch_id)) batches.set(batch.batch_id, batch);
      }),
    find: (batchId) => later(() => batches.get(batchId)),
    findByJob: (eventId) =>
      later(() =>
        [...batches.values()].filter(({ jobs }) =>
          jobs.some(({ event_id }) => event_id === eventId),
        ),
      ),
    markDeleted: (eventId) =>
      later(() => {
        for (const [id, batch] of batches) {
          if (!batch.jobs.some(({ event_id }) => event_id === eventId)) continue;
          const deleted = [...new Set([...(batch.deleted ?? []), eventId])];
          batches.set(id, { ...batch, deleted });
        }
      }),
    clearDeleted: (batchId) =>
      later(() => {
        const batch = batches.get(batchId);
        if (!batch) return;
        const { deleted: _, ...rest } = batch;
        batches.set(batchId, rest);
      }),
    remove: (batchId) => later(() => void batches.delete(batchId)),
    list: ({ limit, after }) =>
      later(() =>
        [...batches.values()]
          .filter((batch) => !after || compareEvents(placeOf(batch), placeOf(after)) > 0)
          .sort((a, b) => compareEvents(placeOf(a), placeOf(b)))
          .slice(0, limit),
      ),
  };
}

/** Batches are sorted as events are. */
function placeOf({ batch_id, created_at }: BatchPosition): EventPosition {
  return { event_id: batch_id, created_at };
}

function createMemoryApiKeys(stored: readonly ApiKey[]): ApiKeyStore {
  let keys = [...stored];
  return {
    insert: (key) =>
      later(() => {
        keys.push(key);
      }),
    find: (hash) => later(() => keys.find((key) => key.hash === hash)),
    list: () =>
      later(() => keys.toSorted((a, b) => a.created_at.getTime() - b.created_at.getTime())),
    revoke: (idOrName, revokedAt) =>
      later(() => {
        const isMatch = ({ key_id, name, revoked_at }: ApiKey) =>
          revoked_at === null && (key_id === idOrName || name === idOrName);
        const count = keys.filter(isMatch).length;
        keys = keys.map((key) => (isMatch(key) ? { ...key, revoked_at: revokedAt } : key));
        return count;
      }),
  };
}

/** Runs asynchronously, as a server would; errors reject. */
function later<T>(work: () => T): Promise<T> {
  return Promise.resolve().then(work);
}
