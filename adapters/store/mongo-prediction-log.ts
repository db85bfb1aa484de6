import { type Db, type Filter, MongoBulkWriteError, MongoClient, ObjectId } from 'mongodb';
import { DATABASE, IMAGE_PREDICTIONS, PREDICTION_FEEDBACK } from '../../domain/collections.js';
import { createPredictionId } from '../../domain/result/prediction-id.js';
import { DUPLICATE_KEY } from './insert-once.js';
import { createQueryRunner, type RunQuery } from './mongo-queries.js';
import type {
  Feedback,
  IdentifiedPrediction,
  ImagePredictionRecord,
  LoggedPrediction,
  PredictionQuery,
  StoredPredictionLog,
} from '../../domain/result/prediction-log.js';

/** An `_id` increases with time, so lists by time need no other index. */
type Stored<T> = T & { readonly _id: ObjectId };
type StoredPrediction = Stored<ImagePredictionRecord>;

/**
 * Predictions in MongoDB, or a server with its wire protocol.
 * @param timeoutMs total time of one operation in milliseconds.
 */
export function createPredictionLog(uri: string, timeoutMs: number): StoredPredictionLog {
  const client = new MongoClient(uri, {
    timeoutMS: timeoutMs,
    appName: 'vidette-api',
    ignoreUndefined: true,
  });
  const run = createQueryRunner(client, timeoutMs);
  return { ...predictionLogOf(client.db(DATABASE), run), close: () => client.close() };
}

/** Predictions in a database whose connection the caller owns. */
export function predictionLogOf(database: Db, run: RunQuery): Omit<StoredPredictionLog, 'close'> {
  const predictions = database.collection<StoredPrediction>(IMAGE_PREDICTIONS);
  const feedback = database.collection<Stored<Feedback>>(PREDICTION_FEEDBACK);
  const findLogged = async (filter: Filter<StoredPrediction>, limit: number) => {
    const options = { limit, sort: { _id: -1 } } as const;
    const found = await run(IMAGE_PREDICTIONS, () => predictions.find(filter, options).toArray());
    const ids = found.map(({ _id }) => _id.toHexString());
    const ofFound = { prediction_id: { $in: ids } };
    const findFeedback = () => feedback.find(ofFound, { sort: { _id: 1 } }).toArray();
    const all = await run(PREDICTION_FEEDBACK, findFeedback);
    return found.map((document) => withFeedback(document, all));
  };
  const insert = async (added: readonly IdentifiedPrediction[]) => {
    if (added.length === 0) return;
    const documents = added.map(({ prediction_id, ...prediction }) => ({
      _id: ObjectId.createFromHexString(prediction_id),
      ...prediction,
    }));
    // Not in order: a document that exists does not keep the others out.
    const insertAll = () => predictions.insertMany(documents, { ordered: false });
    await run(IMAGE_PREDICTIONS, () => insertAll().catch(ignoreDuplicates));
  };
  return {
    insert,
    add: async (added) => {
      const rows = added.map((record) => ({ prediction_id: createPredictionId(), ...record }));
      await insert(rows);
      return rows.map(({ prediction_id }) => prediction_id);
    },
    find: async (predictionId) => {
      const _id = ObjectId.createFromHexString(predictionId);
      const options = { projection: { _id: 0 } } as const;
      const find = () => predictions.findOne({ _id: { $eq: _id } }, options);
      return (await run(IMAGE_PREDICTIONS, find)) ?? undefined;
    },
    findLogged: async (predictionId) => {
      const _id = ObjectId.createFromHexString(predictionId);
      const [found] = await findLogged({ _id: { $eq: _id } }, 1);
      return found;
    },
    addFeedback: async (given) => {
      const document = { _id: new ObjectId(), ...given };
      await run(PREDICTION_FEEDBACK, () => feedback.insertOne(document));
    },
    list: (query) => findLogged(filterOf(query), query.limit),
    listWithFeedback: async ({ before, limit }) => {
      const ids = new Set<string>();
      const older = before === undefined ? {} : { prediction_id: { $lt: before } };
      await run(PREDICTION_FEEDBACK, async () => {
        const options = { projection: { prediction_id: 1 }, sort: { prediction_id: -1 } } as const;
        for await (const { prediction_id } of feedback.find(older, options)) {
          ids.add(prediction_id);
          if (ids.size > limit) break;
        }
      });
      const page = [...ids].slice(0, limit).map((id) => ObjectId.createFromHexString(id));
      return findLogged({ _id: { $in: page } }, limit);
    },
    listOfExperiment: async (experimentId, limit) => {
      const projection = { _id: 0, experiment: 1, subject: 1, prediction_time: 1 } as const;
      const options = { limit, projection, sort: { _id: -1 } } as const;
      const filter = filterOf({ experiment: experimentId });
      return run(IMAGE_PREDICTIONS, () => predictions.find(filter, options).toArray());
    },
    ensureIndexes: async () => {
      await run(PREDICTION_FEEDBACK, () => feedback.createIndex({ prediction_id: 1 }));
      await run(IMAGE_PREDICTIONS, () => predictions.createIndex({ audit: 1, _id: -1 }));
      const ofExperiment = { 'experiment.id': 1, _id: -1 } as const;
      await run(IMAGE_PREDICTIONS, () => predictions.createIndex(ofExperiment));
    },
  };
}

/** @throws the error, unless each write that failed is one of a document that exists. */
function ignoreDuplicates(error: unknown): void {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failed = [error.writeErrors].flat();
  if (failed.length === 0 || failed.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
}

/** Ids contain the second in which they were made. */
function filterOf({
  before,
  since,
  audit,
  belowConfidence,
  experiment,
}: Omit<PredictionQuery, 'limit'>) {
  const ids = {
    ...(before !== undefined && { $lt: ObjectId.createFromHexString(before) }),
    ...(since && { $gte: ObjectId.createFromTime(Math.floor(since.getTime() / 1000)) }),
  };
  return {
    ...(Object.keys(ids).length > 0 && { _id: ids }),
    ...(audit && { audit }),
    ...(experiment !== undefined && { 'experiment.id': { $eq: experiment } }),
    ...(belowConfidence !== undefined && { confidence: { $lt: belowConfidence } }),
  };
}

function withFeedback(
  { _id, ...prediction }: StoredPrediction,
  all: readonly Stored<Feedback>[],
): LoggedPrediction {
  const prediction_id = _id.toHexString();
  const feedback = all
    .filter((each) => each.prediction_id === prediction_id)
    .map(({ _id: _, ...each }) => each);
  return { prediction_id, ...prediction, feedback };
}
