import type { Client } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { createDocumentStore } from '../../adapters/store/mongo-document-store.js';
import { connectClient } from '../../adapters/temporal/connection.js';
import { readConfig } from '../../config/index.js';
import type { PredictionDocument } from '../../domain/job/event.js';
import { DATABASE, PREDICTIONS } from '../../domain/collections.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Settings } from '../../stack/index.js';
import { createJobs, type TestJobs } from './jobs.js';

/** Connections to the servers of a running stack. */
export interface ConnectedStack extends TestJobs {
  /** Folder for the files of the test. */
  readonly folder: string;
  readonly settings: Settings;
  readonly client: Client;
  readonly objects: ObjectStore;
  readonly documents: DocumentStore;
  /** Stores a file where a job of this video_id reads it. */
  putVideo(videoId: string, path: string): Promise<void>;
  predictions(eventId: string): Promise<PredictionDocument[]>;
  readonly close: () => Promise<void>;
}

export async function connectTo(settings: Settings, folder: string): Promise<ConnectedStack> {
  const config = readConfig(settings);
  const { connection, client } = await connectClient(config.temporal);
  const documents = createDocumentStore(config.documentStore.uri);
  const mongo = new MongoClient(config.documentStore.uri);
  const objects = createObjectStore(config.objectStore);
  return {
    ...{ folder, settings, client, documents, objects },
    ...createJobs(client, objects),
    putVideo: (videoId, path) => objects.putFile(BUCKETS.videos, keys.video(videoId), path),
    predictions: (eventId) =>
      mongo
        .db(DATABASE)
        .collection<PredictionDocument>(PREDICTIONS)
        .find({ event_id: eventId }, { sort: { frame_id: 1 } })
        .toArray(),
    close: async () => {
      await Promise.all([connection.close(), documents.close(), mongo.close()]);
    },
  };
}
