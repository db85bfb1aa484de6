import { MongoClient, ObjectId } from 'mongodb';
import { DATABASE, PICTURE_PREDICTIONS, PREDICTION_FEEDBACK } from '../../domain/names.js';
import type {
  Feedback,
  LoggedPrediction,
  PicturePrediction,
  PredictionLog,
} from '../../domain/result/prediction-log.js';

/** The id of a prediction is that of its document: it grows with time, so no index is needed. */
type Stored<T> = T & { readonly _id: ObjectId };

/**
 * Predictions in MongoDB, or a server that speaks its wire protocol.
 * @param timeoutMs how long one operation may take as a whole.
 */
export function createPredictionLog(uri: string, timeoutMs: number): PredictionLog {
  const client = new MongoClient(uri, {
    timeoutMS: timeoutMs,
    appName: 'vidette-api',
    ignoreUndefined: true,
  });
  const database = client.db(DATABASE);
  const predictions = database.collection<Stored<PicturePrediction>>(PICTURE_PREDICTIONS);
  const feedback = database.collection<Stored<Feedback>>(PREDICTION_FEEDBACK);
  return {
    add: async (added) => {
      const documents = added.map((prediction) => ({ _id: new ObjectId(), ...prediction }));
      if (documents.length > 0) await predictions.insertMany(documents);
      return documents.map(({ _id }) => _id.toHexString());
    },
    addFeedback: async (given) => {
      const _id = ObjectId.createFromHexString(given.prediction_id);
      const known = await predictions.findOne({ _id: { $eq: _id } }, { projection: { _id: 1 } });
      if (!known) return false;
      await feedback.insertOne({ _id: new ObjectId(), ...given });
      return true;
    },
    list: async ({ before, limit }) => {
      const filter = before ? { _id: { $lt: ObjectId.createFromHexString(before) } } : {};
      const found = await predictions.find(filter, { limit, sort: { _id: -1 } }).toArray();
      const ids = found.map(({ _id }) => _id.toHexString());
      const said = await feedback
        .find({ prediction_id: { $in: ids } }, { sort: { _id: 1 } })
        .toArray();
      return found.map((document) => logged(document, said));
    },
    ensureIndexes: async () => {
      await feedback.createIndex({ prediction_id: 1 });
    },
    close: () => client.close(),
  };
}

function logged(
  { _id, ...prediction }: Stored<PicturePrediction>,
  said: readonly Stored<Feedback>[],
): LoggedPrediction {
  const prediction_id = _id.toHexString();
  const feedback = said
    .filter((each) => each.prediction_id === prediction_id)
    .map(({ _id: _, ...each }) => each);
  return { prediction_id, ...prediction, feedback };
}
