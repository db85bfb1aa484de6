import { type Collection, type Db, MongoBulkWriteError, MongoClient } from 'mongodb';
import type { EventDocument, PredictionDocument } from '../../domain/job/event.js';
import { isClosed, JOB_STATUSES } from '../../domain/job/job-status.js';
import {
  ALERT_DELIVERIES,
  ALERTS,
  API_KEYS,
  BATCHES,
  CAMERAS,
  DATABASE,
  EVENTS,
  EXPERIMENTS,
  IMAGE_BATCHES,
  FRAME_FEEDBACK,
  IMPORTED_FEEDBACK,
  KEPT_IMAGES,
  LIBRARY_VIDEOS,
  PREDICTIONS,
  REQUESTS,
  SCENARIOS,
  SEARCHES,
  SHADOW_PREDICTIONS,
  SIGHTINGS,
  STREAM_EVENTS,
} from '../../domain/collections.js';
import { expectId } from '../../domain/names.js';
import type { DocumentStore, KeptRequest } from '../../domain/ports/document-store.js';
import { closedFilter, eventFilter } from './event-filter.js';
import { DUPLICATE_KEY, insertOnce } from './insert-once.js';
import {
  ALERT_DELIVERY_INDEXES,
  ALERT_INDEXES,
  createAlerts,
  type StoredAlert,
  type StoredDelivery,
} from './mongo-alerts.js';
import { type ApiKeyDocument, createApiKeys } from './mongo-api-keys.js';
import { createFerretCheck, findByIds } from './ferretdb.js';
import { createFerretSearch, type StoredSearch } from './ferretdb-search.js';
import { createBatches, type StoredBatch } from './mongo-batches.js';
import { createCameraDocuments, type StoredCamera } from './mongo-cameras.js';
import {
  createExperiments,
  type StoredExperiment,
  type StoredShadow,
} from './mongo-experiments.js';
import { createImageBatches, type StoredImageBatch } from './mongo-image-batches.js';
import { createFrameFeedback, type StoredFrameFeedback } from './mongo-frame-feedback.js';
import { createImportedFeedback, type StoredImportedFeedback } from './mongo-imported-feedback.js';
import { createKeptImages, type StoredKeptImage } from './mongo-kept-images.js';
import { createLibraryVideos, type StoredLibraryVideo } from './mongo-library-videos.js';
import { predictionLogOf } from './mongo-prediction-log.js';
import { createQueryRunner } from './mongo-queries.js';
import { createScenarios, type StoredScenario } from './mongo-scenarios.js';
import { createSightings, SIGHTING_INDEXES, type StoredSighting } from './mongo-sightings.js';
import { createStreamEvents, type StoredStreamEvent } from './mongo-stream-events.js';

type Stored<T> = T & { _id: string };

const OPEN_STATUSES = JOB_STATUSES.filter((status) => !isClosed(status));
/**
 * Time to find a server before an operation fails, in milliseconds. The first ping has no other
 * limit, so it must be below the interval between two pings of a worker, 5 s.
 */
const SERVER_SELECTION_MS = 4000;

/**
 * Events, predictions, requests, scenarios and API keys in MongoDB, or a server with its wire protocol.
 * @param timeoutMs total time of one operation in milliseconds; default: no limit.
 */
export function createDocumentStore(uri: string, timeoutMs?: number): DocumentStore {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: SERVER_SELECTION_MS,
    appName: 'vidette',
    ignoreUndefined: true,
    ...(timeoutMs !== undefined && { timeoutMS: timeoutMs }),
  });
  const run = createQueryRunner(client, timeoutMs);
  const database = client.db(DATABASE);
  const isFerretDb = createFerretCheck(database, run);
  const events = database.collection<Stored<EventDocument>>(EVENTS);
  const predictions = database.collection<PredictionDocument>(PREDICTIONS);
  const requests = database.collection<RequestDocument>(REQUESTS);
  const feedback = database.collection<StoredFrameFeedback>(FRAME_FEEDBACK);
  const alerts = createAlerts(
    {
      alerts: database.collection<StoredAlert>(ALERTS),
      deliveries: database.collection<StoredDelivery>(ALERT_DELIVERIES),
    },
    run,
  );
  const sightings = createSightings(
    database.collection<StoredSighting>(SIGHTINGS),
    run,
    createFerretSearch(database.collection<StoredSearch>(SEARCHES), run, isFerretDb),
  );
  return {
    findEvent: async (eventId) => {
      const filter = { _id: eventKey(eventId) };
      return withoutId(await run(EVENTS, () => events.findOne(filter)));
    },
    insertEvent: async (event) => {
      const document = { _id: expectId('an event_id', event.event_id), ...event };
      return run(EVENTS, () => insertOnce(events, document));
    },
    updateEvent: async (eventId, runId, fields) => {
      const filter = { _id: eventKey(eventId), run_id: { $eq: runId } };
      const update = () => events.updateOne(filter, { $set: fields });
      return (await run(EVENTS, update)).matchedCount === 1;
    },
    closeAbandoned: async (runId, fields) => {
      const filter = { run_id: { $eq: runId }, status: { $in: OPEN_STATUSES } };
      const update = () => events.findOneAndUpdate(filter, { $set: fields });
      return (await run(EVENTS, update))?.event_id;
    },
    adoptEvent: async (eventId, fields) => {
      const filter = { _id: eventKey(eventId) };
      await run(EVENTS, () => events.updateOne(filter, { $set: fields }));
    },
    insertPredictions: (documents) => run(PREDICTIONS, () => insertNew(predictions, documents)),
    listEvents: async (query) => {
      const options = { limit: query.limit, sort: { created_at: -1, _id: -1 } } as const;
      const found = await run(EVENTS, () => events.find(eventFilter(query), options).toArray());
      return found.map((event) => withoutId(event)!);
    },
    findStatuses: async (eventIds) => {
      const options = { projection: { status: 1 } } as const;
      const find = () => findByIds(events, [...eventIds], isFerretDb, options);
      const found = await run(EVENTS, find);
      return new Map(found.map(({ _id, status }) => [_id, status]));
    },
    findClosedIds: async (query) => {
      const options = { projection: { _id: 1 }, sort: { _id: 1 }, limit: query.limit } as const;
      const find = () => events.find(closedFilter(query), options).toArray();
      return (await run(EVENTS, find)).map(({ _id }) => _id);
    },
    findNewestIndexed: async ({ bucket, videoId, except }) => {
      const filter = {
        ...{ video_id: expectId('a video_id', videoId), bucket: { $eq: bucket } },
        indexed: { $exists: true },
        ...(except !== undefined && { _id: { $ne: eventKey(except) } }),
      };
      const options = { sort: { created_at: -1, _id: -1 } } as const;
      const found = await run(EVENTS, () => events.findOne(filter, options));
      return withoutId(found);
    },
    findIdsOfVideo: async (bucket, videoId, limit) => {
      const filter = { video_id: expectId('a video_id', videoId), bucket: { $eq: bucket } };
      const options = { projection: { _id: 1 }, sort: { _id: 1 }, limit } as const;
      const found = await run(EVENTS, () => events.find(filter, options).toArray());
      return found.map(({ _id }) => _id);
    },
    deleteJob: async (eventId) => {
      const filter = { event_id: eventKey(eventId) };
      const counted = (await sightings.removeOfJob(eventId)) + (await alerts.removeOfJob(eventId));
      const removed = [
        await run(PREDICTIONS, () => predictions.deleteMany(filter)),
        await run(FRAME_FEEDBACK, () => feedback.deleteMany(filter)),
        await run(REQUESTS, () => requests.deleteMany(filter)),
        await run(EVENTS, () => events.deleteOne({ _id: filter.event_id })),
      ];
      return removed.reduce((sum, { deletedCount }) => sum + deletedCount, counted);
    },
    claimRequest: (key, content) => run(REQUESTS, () => claimRequest(requests, key, content)),
    settleRequest: async (key, eventId) => {
      const update = { $set: { event_id: eventId } };
      await run(REQUESTS, () => requests.updateOne({ _id: { $eq: key } }, update));
    },
    forgetRequests: async (before) => {
      await run(REQUESTS, () => requests.deleteMany({ created_at: { $lt: before } }));
    },
    batches: createBatches(database.collection<StoredBatch>(BATCHES), run),
    imageBatches: createImageBatches(database.collection<StoredImageBatch>(IMAGE_BATCHES), run),
    scenarios: createScenarios(database.collection<StoredScenario>(SCENARIOS), run),
    cameras: createCameraDocuments(database.collection<StoredCamera>(CAMERAS), run),
    apiKeys: createApiKeys(database.collection<ApiKeyDocument>(API_KEYS), run),
    streamEvents: createStreamEvents(database.collection<StoredStreamEvent>(STREAM_EVENTS), run),
    alerts,
    frameFeedback: createFrameFeedback(feedback, run),
    sightings,
    libraryVideos: createLibraryVideos(
      database.collection<StoredLibraryVideo>(LIBRARY_VIDEOS),
      run,
      isFerretDb,
    ),
    keptImages: createKeptImages(database.collection<StoredKeptImage>(KEPT_IMAGES), run),
    importedFeedback: createImportedFeedback(
      database.collection<StoredImportedFeedback>(IMPORTED_FEEDBACK),
      run,
    ),
    imagePredictions: predictionLogOf(database, run),
    experiments: createExperiments(
      {
        experiments: database.collection<StoredExperiment>(EXPERIMENTS),
        shadows: database.collection<StoredShadow>(SHADOW_PREDICTIONS),
      },
      run,
    ),
    ensureIndexes: async () => {
      await run(undefined, () => ensureIndexes(database));
      // FerretDB gets the triggers of searches when their collection exists.
      await sightings.list({ limit: 1 });
    },
    ping: () =>
      run(undefined, async () => {
        // A client whose first connection failed stays closed until it connects explicitly.
        await client.connect();
        await database.command({ ping: 1 }, { timeoutMS: SERVER_SELECTION_MS });
      }),
    close: () => client.close(),
  };
}

/** A checked string is never an operator. FerretDB looks up by index only without `$eq`. */
const eventKey = (eventId: string) => expectId('an event_id', eventId);

function withoutId(document: Stored<EventDocument> | null): EventDocument | undefined {
  if (!document) return undefined;
  const { _id, ...event } = document;
  return event;
}

type RequestDocument = Stored<KeptRequest & { readonly created_at: Date }>;

async function claimRequest(
  requests: Collection<RequestDocument>,
  key: string,
  content: string,
): Promise<KeptRequest> {
  const request = { content, event_id: null };
  if (await insertOnce(requests, { _id: key, ...request, created_at: new Date() })) return request;
  return (await requests.findOne({ _id: { $eq: key } })) ?? request;
}

/** Inserts unordered and skips documents that exist, so that it can be repeated. */
async function insertNew(
  predictions: Collection<PredictionDocument>,
  documents: readonly PredictionDocument[],
): Promise<void> {
  if (documents.length === 0) return;
  try {
    await predictions.insertMany([...documents], { ordered: false });
  } catch (error) {
    if (!onlyDuplicates(error)) throw error;
  }
}

function onlyDuplicates(error: unknown): boolean {
  if (!(error instanceof MongoBulkWriteError)) return false;
  const { writeErrors } = error;
  const all = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
  return all.length > 0 && all.every(({ code }) => code === DUPLICATE_KEY);
}

async function ensureIndexes(database: Db): Promise<void> {
  await database.collection(EVENTS).createIndex({ created_at: -1, _id: -1 });
  await database.collection(EVENTS).createIndex({ status: 1, created_at: -1, _id: -1 });
  await database.collection(EVENTS).createIndex({ video_id: 1 });
  await database.collection(EVENTS).createIndex({ run_id: 1 });
  await database.collection(BATCHES).createIndex({ created_at: -1, _id: -1 });
  await database.collection(BATCHES).createIndex({ 'jobs.event_id': 1 });
  await database.collection(IMAGE_BATCHES).createIndex({ created_at: -1, _id: -1 });
  await database.collection(SCENARIOS).createIndex({ created_at: -1, _id: -1 });
  await database.collection(PREDICTIONS).createIndex({ event_id: 1, frame_id: 1 });
  await database.collection(REQUESTS).createIndex({ created_at: 1 });
  await database.collection(REQUESTS).createIndex({ event_id: 1 });
  await database.collection(API_KEYS).createIndex({ hash: 1 });
  await database.collection(STREAM_EVENTS).createIndex({ scenario_uuid: 1, event_id: -1 });
  await database.collection(STREAM_EVENTS).createIndex({ scenario_uuid: 1, done: 1 });
  await database.collection(FRAME_FEEDBACK).createIndex({ event_id: 1, frame_id: 1, _id: 1 });
  await database.collection(KEPT_IMAGES).createIndex({ last_used: 1 });
  await database.collection(EXPERIMENTS).createIndex({ slot: 1 }, { unique: true });
  await database.collection(EXPERIMENTS).createIndex({ started_at: -1, _id: -1 });
  await database.collection(SHADOW_PREDICTIONS).createIndex({ experiment_id: 1, _id: -1 });
  await database.collection(KEPT_IMAGES).createIndex({ erased: 1 });
  await database.collection(LIBRARY_VIDEOS).createIndex({ place: 1 });
  for (const index of ALERT_INDEXES) await database.collection(ALERTS).createIndex(index);
  for (const index of ALERT_DELIVERY_INDEXES)
    await database.collection(ALERT_DELIVERIES).createIndex(index);
  for (const index of SIGHTING_INDEXES) await database.collection(SIGHTINGS).createIndex(index);
}
