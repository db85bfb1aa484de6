import { MongoClient, ObjectId } from 'mongodb';
import { DATABASE, IMAGE_PREDICTIONS, PREDICTION_FEEDBACK } from '../../domain/names.js';
import { createQueryRunner } from './mongo-queries.js';
import type {
  Feedback,
  LoggedPrediction,
  ImagePredictionRecord,
  PredictionLog,
} from '../../domain/result/prediction-log.js';

/** An `_id` increases with time, so lists by time need no other index. */
type Stored<T> = T & { readonly _id: ObjectId };

/**
 * Predictions in MongoDB, or a server with its wire protocol.
 * @param timeoutMs total time of one operation in milliseconds.
 */
export function createPredictionLog(uri: string, timeoutMs: number): PredictionLog {
  const client = new MongoClient(uri, {
    timeoutMS: timeoutMs,
    appName: 'vidette-api',
    ignoreUndefined: true,
  });
  const run = createQueryRunner(client, timeoutMs);
  const database = client.db(DATABASE);
  const predictions = database.collection<Stored<ImagePredictionRecord>>(IMAGE_PREDICTIONS);
  const feedback = database.collection<Stored<Feedback>>(PREDICTION_FEEDBACK);
  return {
    add: async (added) => {
      const documents = added.map((prediction) => ({ _id: new ObjectId(), ...prediction }));
      if (documents.length > 0) {
        await run(IMAGE_PREDICTIONS, () => predictions.insertMany(documents));
      }
      return documents.map(({ _id }) => _id.toHexString());
    },
    addFeedback: async (given) => {
      const _id = ObjectId.createFromHexString(given.prediction_id);
      const projection = { _id: 1 };
      const find = () => predictions.findOne({ _id: { $eq: _id } }, { projection });
      if (!(await run(IMAGE_PREDICTIONS, find))) return false;
      const document = { _id: new ObjectId(), ...given };
      await run(PREDICTION_FEEDBACK, () => feedback.insertOne(document));
      return true;
    },
    list: async ({ before, limit }) => {
      const filter = before ? { _id: { $lt: ObjectId.createFromHexString(before) } } : {};
      const options = { limit, sort: { _id: -1 } } as const;
      const find = () => predictions.find(filter, options).toArray();
      const found = await run(IMAGE_PREDICTIONS, find);
      const ids = found.map(({ _id }) => _id.toHexString());
      const ofFound = { prediction_id: { $in: ids } };
      const findFeedback = () => feedback.find(ofFound, { sort: { _id: 1 } }).toArray();
      const all = await run(PREDICTION_FEEDBACK, findFeedback);
      return found.map((document) => withFeedback(document, all));
    },
    ensureIndexes: async () => {
      await run(PREDICTION_FEEDBACK, () => feedback.createIndex({ prediction_id: 1 }));
    },
    close: () => client.close(),
  };
}

function withFeedback(
  { _id, ...prediction }: Stored<ImagePredictionRecord>,
  all: readonly Stored<Feedback>[],
): LoggedPrediction {
  const prediction_id = _id.toHexString();
  const feedback = all
    .filter((each) => each.prediction_id === prediction_id)
    .map(({ _id: _, ...each }) => each);
  return { prediction_id, ...prediction, feedback };
}
