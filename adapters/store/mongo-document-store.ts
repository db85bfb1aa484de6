import {
  type Collection,
  type Db,
  MongoBulkWriteError,
  MongoClient,
  MongoServerError,
  type OptionalUnlessRequiredId,
} from 'mongodb';
import type { EventDocument, PredictionDocument } from '../../domain/event.js';
import { DATABASE, EVENTS, PREDICTIONS, REQUESTS } from '../../domain/names.js';
import type { DocumentStore, KeptRequest } from '../../domain/ports.js';

type Stored<T> = T & { _id: string };

const DUPLICATE_KEY = 11000;
/** How long an operation waits for a server before it fails; Temporal retries the step. */
const SERVER_SELECTION_TIMEOUT_MS = 10_000;

/** Told when the connection to a server is made (no reason) or lost. */
export type OnConnection = (state: {
  readonly connected: boolean;
  readonly reason?: string;
}) => void;

/** Events and predictions in MongoDB, or a server that speaks its wire protocol. */
export function createDocumentStore(uri: string, onConnection?: OnConnection): DocumentStore {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    appName: 'vidette',
    ignoreUndefined: true,
  });
  if (onConnection) watchConnection(client, onConnection);
  const database = client.db(DATABASE);
  const events = database.collection<Stored<EventDocument>>(EVENTS);
  const predictions = database.collection<PredictionDocument>(PREDICTIONS);
  const requests = database.collection<RequestDocument>(REQUESTS);
  return {
    findEvent: async (eventId) => withoutId(await events.findOne({ _id: { $eq: eventId } })),
    insertEvent: (event) => insertOnce(events, { _id: event.event_id, ...event }),
    updateEvent: async (eventId, runId, fields) => {
      const filter = { _id: { $eq: eventId }, run_id: { $eq: runId } };
      return (await events.updateOne(filter, { $set: fields })).matchedCount === 1;
    },
    adoptEvent: async (eventId, fields) => {
      await events.updateOne({ _id: { $eq: eventId } }, { $set: fields });
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
    ensureIndexes: () => ensureIndexes(database),
    ping: async () => {
      await database.command({ ping: 1 });
    },
    close: () => client.close(),
  };
}

function watchConnection(client: MongoClient, onConnection: OnConnection): void {
  client.on('serverDescriptionChanged', ({ previousDescription, newDescription }) => {
    const [before, now] = [previousDescription.type, newDescription.type];
    if (before === now) return;
    const reason = newDescription.error?.message;
    if (now !== 'Unknown') onConnection({ connected: true });
    else if (reason) onConnection({ connected: false, reason });
  });
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
  await database.collection(PREDICTIONS).createIndex({ event_id: 1, frame_id: 1 });
  await database.collection(REQUESTS).createIndex({ created_at: 1 });
}
