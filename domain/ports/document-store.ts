import type { ApiKey } from '../api-key.js';
import type { EventDocument, PredictionDocument } from '../job/event.js';
import type { JobStatus } from '../job/job-status.js';

/** What a caller's key of a request stands for. */
export interface KeptRequest {
  /** SHA-256 of the request's content. */
  readonly content: string;
  /** The job that it made; null while it is not made. */
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
  /** Part of an event_id or video_id, case-insensitive. */
  readonly text?: string | undefined;
  /** Only events after this place. */
  readonly after?: EventPosition | undefined;
}

/** Events and predictions. */
export interface DocumentStore {
  findEvent(eventId: string): Promise<EventDocument | undefined>;
  /** Inserts a new event; false when the id is taken. */
  insertEvent(event: EventDocument): Promise<boolean>;
  /** Changes fields of an event that still belongs to this run; false when it does not. */
  updateEvent(eventId: string, runId: string, fields: Partial<EventDocument>): Promise<boolean>;
  /** Closes the event that this run left open, if there is one; resolves with its id. */
  closeAbandoned(
    runId: string,
    fields: Pick<EventDocument, 'status' | 'error' | 'closed_at'>,
  ): Promise<string | undefined>;
  /** Hands an event to a new run of the same job. */
  adoptEvent(eventId: string, fields: Partial<EventDocument>): Promise<void>;
  /** Inserts documents by `_id`; those that exist already are left as they are. */
  insertPredictions(documents: readonly PredictionDocument[]): Promise<void>;
  /** Events that match a query, newest first. */
  listEvents(query: EventQuery): Promise<EventDocument[]>;
  /** Returns those of the given ids that have an event. */
  findEventIds(eventIds: readonly string[]): Promise<string[]>;
  /** Keeps what a key stands for, unless something is kept; resolves with what is. */
  claimRequest(key: string, content: string): Promise<KeptRequest>;
  /** Notes the job that a key made. */
  settleRequest(key: string, eventId: string): Promise<void>;
  /** Forgets the keys that came before a time. */
  forgetRequests(before: Date): Promise<void>;
  /** Keys of the HTTP API. */
  readonly apiKeys: ApiKeyStore;
  ensureIndexes(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Keys of the HTTP API; what is stored of them opens nothing. */
export interface ApiKeyStore {
  insert(key: ApiKey): Promise<void>;
  /** @param hash of the key; a key that is revoked is found too. */
  find(hash: string): Promise<ApiKey | undefined>;
  /** All keys, oldest first. */
  list(): Promise<ApiKey[]>;
  /** Revokes the keys of this id or name that are in use; resolves with their count. */
  revoke(idOrName: string, revokedAt: Date): Promise<number>;
}
