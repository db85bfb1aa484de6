import {
  type Collection,
  type Db,
  MongoBulkWriteError,
  MongoClient,
  MongoServerError,
  type OptionalUnlessRequiredId,
} from 'mongodb';
import type { EventDocument, PredictionDocument } from '../../domain/job/event.js';
import { isClosed, JOB_STATUSES } from '../../domain/job/job-status.js';
import { API_KEYS, DATABASE, EVENTS, expectId, PREDICTIONS, REQUESTS } from '../../domain/names.js';
import type { DocumentStore, KeptRequest } from '../../domain/ports/document-store.js';
import { type ApiKeyDocument, createApiKeys } from './mongo-api-keys.js';
import { explainCertificate } from '../refused-certificate.js';

type Stored<T> = T & { _id: string };

const OPEN_STATUSES = JOB_STATUSES.filter((status) => !isClosed(status));
const DUPLICATE_KEY = 11000;
/**
 * How long an operation waits for a server before it fails; Temporal retries the step. The first
 * ping connects, which knows no other limit: longer, and a worker would try less often than each 5 s.
 */
const SERVER_TIMEOUT_MS = 4000;
const CERTIFICATE_ADVICE =
  'Give the file of its authority in MONGO_URI: tlsCAFile=PATH, encoded as part of a URL.';

/**
 * Events and predictions in MongoDB, or a server that speaks its wire protocol.
 * @param timeoutMs how long one operation may take as a whole; default: as long as it needs.
 */
export function createDocumentStore(uri: string, timeoutMs?: number): DocumentStore {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: SERVER_TIMEOUT_MS,
    appName: 'vidette',
    ignoreUndefined: true,
    ...(timeoutMs !== undefined && { timeoutMS: timeoutMs }),
  });
  const database = client.db(DATABASE);
  const events = database.collection<Stored<EventDocument>>(EVENTS);
  const predictions = database.collection<PredictionDocument>(PREDICTIONS);
  const requests = database.collection<RequestDocument>(REQUESTS);
  return {
    findEvent: async (eventId) => withoutId(await events.findOne({ _id: eventKey(eventId) })),
    insertEvent: (event) =>
      insertOnce(events, { _id: expectId('an event_id', event.event_id), ...event }),
    updateEvent: async (eventId, runId, fields) => {
      const filter = { _id: eventKey(eventId), run_id: { $eq: runId } };
      return (await events.updateOne(filter, { $set: fields })).matchedCount === 1;
    },
    closeAbandoned: async (runId, fields) => {
      const filter = { run_id: { $eq: runId }, status: { $in: OPEN_STATUSES } };
      return (await events.findOneAndUpdate(filter, { $set: fields }))?.event_id;
    },
    adoptEvent: async (eventId, fields) => {
      await events.updateOne({ _id: eventKey(eventId) }, { $set: fields });
    },
    insertPredictions: (documents) => insertNew(predictions, documents),
    listEvents: async (limit, before) => {
      const filter = before ? { created_at: { $lt: before } } : {};
      const found = await events.find(filter, { limit, sort: { created_at: -1 } }).toArray();
      return found.map((event) => withoutId(event)!);
    },
    claimRequest: (key, content) => claimRequest(requests, key, content),
    settleRequest: async (key, eventId) => {
      await requests.updateOne({ _id: { $eq: key } }, { $set: { event_id: eventId } });
    },
    forgetRequests: async (before) => {
      await requests.deleteMany({ created_at: { $lt: before } });
    },
    apiKeys: createApiKeys(database.collection<ApiKeyDocument>(API_KEYS)),
    ensureIndexes: () => ensureIndexes(database),
    ping: async () => {
      try {
        // One that could not connect at first is closed for ever, unless it is told to connect again.
        await client.connect();
        await database.command({ ping: 1 }, { timeoutMS: SERVER_TIMEOUT_MS });
      } catch (error) {
        throw explainCertificate(error, 'the document store', CERTIFICATE_ADVICE);
      }
    },
    close: () => client.close(),
  };
}

/** A filter that a document can only equal: what comes from outside is never an operator. */
function eventKey(eventId: string) {
  return { $eq: expectId('an event_id', eventId) };
}

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
  const own = { content, event_id: null };
  if (await insertOnce(requests, { _id: key, ...own, created_at: new Date() })) return own;
  return (await requests.findOne({ _id: { $eq: key } })) ?? own;
}

async function insertOnce<T extends { _id: string }>(
  collection: Collection<T>,
  document: OptionalUnlessRequiredId<T>,
) {
  try {
    await collection.insertOne(document);
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === DUPLICATE_KEY) return false;
    throw error;
  }
}

/** Unordered insert that takes documents that exist for written: cheap, and the same twice. */
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
  await database.collection(EVENTS).createIndex({ created_at: -1 });
  await database.collection(EVENTS).createIndex({ video_id: 1 });
  await database.collection(EVENTS).createIndex({ run_id: 1 });
  await database.collection(PREDICTIONS).createIndex({ event_id: 1, frame_id: 1 });
  await database.collection(REQUESTS).createIndex({ created_at: 1 });
  await database.collection(API_KEYS).createIndex({ hash: 1 });
}
