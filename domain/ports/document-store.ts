import type { AlertStore } from './alert-store.js';
import type { ApiKey } from '../api-key.js';
import type { EventDocument, PredictionDocument } from '../job/event.js';
import type { JobStatus } from '../job/job-status.js';
import type { BatchStore } from './batch-store.js';
import type { ImageBatchStore } from './image-batch-store.js';
import type { ExperimentStore } from './experiment-store.js';
import type { FrameFeedbackStore } from './frame-feedback-store.js';
import type { ImportedFeedbackStore } from './imported-feedback-store.js';
import type { KeptImages } from './kept-images.js';
import type { PredictionLog } from '../result/prediction-log.js';
import type { CameraStore, ScenarioStore } from './scenario-store.js';
import type { StreamEventStore } from './stream-event-store.js';
import type { IndexedQuery } from '../search/library-video.js';
import type { LibraryVideoStore } from './library-video-store.js';
import type { SightingStore } from './sighting-store.js';

/** A request that a caller identified by an idempotency key. */
export interface KeptRequest {
  /** SHA-256 of the request's content. */
  readonly content: string;
  /** The job that it created; null until then. */
  readonly event_id: string | null;
}

/** Place of an event in the list, which is sorted by time and then by id, both descending. */
export interface EventPosition {
  readonly created_at: Date;
  readonly event_id: string;
}

/** Selects events of one page. */
export interface EventQuery {
  readonly limit: number;
  readonly status?: JobStatus | undefined;
  /** Part of an event_id, video_id or video_name, case-insensitive. */
  readonly text?: string | undefined;
  /** Part of a video_id or video_name, case-insensitive. */
  readonly video?: string | undefined;
  /** Model of the job; without a version, any of its versions. */
  readonly model?: { readonly name: string; readonly version?: number | undefined } | undefined;
  /** Class of an object that the job detected. */
  readonly className?: string | undefined;
  /** Only events with one of these ids. */
  readonly eventIds?: readonly string[] | undefined;
  /** Only events that were created at this time or later. */
  readonly since?: Date | undefined;
  /** Only events after this place. */
  readonly after?: EventPosition | undefined;
}

/** Selects closed jobs of one page, in the order of their ids. */
export interface ClosedQuery {
  /** Only jobs that ended before this time. */
  readonly before: Date;
  /** Only ids after this one. */
  readonly after?: string | undefined;
  /** Only jobs whose sightings are not stored. */
  readonly isIndexed?: false | undefined;
  readonly limit: number;
}

/**
 * Events, predictions, requests and API keys. Operations throw AppError `SERVER_UNAVAILABLE`, with the
 * facts `server`, `endpoint` and `collection`, if the store does not answer.
 */
export interface DocumentStore {
  findEvent(eventId: string): Promise<EventDocument | undefined>;
  /** Inserts a new event; false if the id exists. */
  insertEvent(event: EventDocument): Promise<boolean>;
  /** Updates an event if it belongs to this run; returns whether it does. */
  updateEvent(eventId: string, runId: string, fields: Partial<EventDocument>): Promise<boolean>;
  /** Closes the open event of a run; resolves with its id, or undefined if there is none open. */
  closeAbandoned(
    runId: string,
    fields: Pick<EventDocument, 'status' | 'error' | 'closed_at'>,
  ): Promise<string | undefined>;
  /** Updates an event for a new run of the same job. */
  adoptEvent(eventId: string, fields: Partial<EventDocument>): Promise<void>;
  /** Inserts documents; skips those whose `_id` exists. */
  insertPredictions(documents: readonly PredictionDocument[]): Promise<void>;
  /** Events that match a query, newest first. */
  listEvents(query: EventQuery): Promise<EventDocument[]>;
  /** Returns the statuses of those of the given ids that have an event, by event id. */
  findStatuses(eventIds: readonly string[]): Promise<ReadonlyMap<string, JobStatus>>;
  /** Returns the ids of jobs that have ended. */
  findClosedIds(query: ClosedQuery): Promise<string[]>;
  /** Returns the newest job of a video whose result is indexed. */
  findNewestIndexed(query: IndexedQuery): Promise<EventDocument | undefined>;
  /** Returns the ids of up to `limit` jobs of a video in a bucket. */
  findIdsOfVideo(bucket: string, videoId: string, limit: number): Promise<string[]>;
  /**
   * Deletes the predictions, the sightings, the alerts, the feedback and the requests of a job, and then its event;
   * resolves with the number of documents. Can be repeated.
   */
  deleteJob(eventId: string): Promise<number>;
  /** Stores a request under its key; resolves with the stored one if the key exists. */
  claimRequest(key: string, content: string): Promise<KeptRequest>;
  /** Stores the job that a request created. */
  settleRequest(key: string, eventId: string): Promise<void>;
  /** Deletes requests from before a time. */
  forgetRequests(before: Date): Promise<void>;
  /** Batches of videos. */
  readonly batches: BatchStore;
  readonly imageBatches: ImageBatchStore;
  readonly scenarios: ScenarioStore;
  readonly cameras: CameraStore;
  /** Keys of the HTTP API. */
  readonly apiKeys: ApiKeyStore;
  /** Events of cameras. */
  readonly streamEvents: StreamEventStore;
  /** Log of alerts. */
  readonly alerts: AlertStore;
  readonly frameFeedback: FrameFeedbackStore;
  readonly sightings: SightingStore;
  readonly libraryVideos: LibraryVideoStore;
  readonly keptImages: KeptImages;
  readonly importedFeedback: ImportedFeedbackStore;
  /** Predictions of images with their feedback, as the API logs them. */
  readonly imagePredictions: Pick<
    PredictionLog,
    'addFeedback' | 'find' | 'list' | 'listOfExperiment' | 'listWithFeedback'
  >;
  readonly experiments: ExperimentStore;
  ensureIndexes(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Keys of the HTTP API, stored as hashes. */
export interface ApiKeyStore {
  insert(key: ApiKey): Promise<void>;
  /** Finds a key by its hash, also a revoked one. */
  find(hash: string): Promise<ApiKey | undefined>;
  /** All keys, oldest first. */
  list(): Promise<ApiKey[]>;
  /** Revokes the active keys with this id or name; resolves with their number. */
  revoke(idOrName: string, revokedAt: Date): Promise<number>;
}
