import type { Readable } from 'node:stream';
import type { ApiKey } from './api-key.js';
import type { HeldRow } from './export/held-rows.js';
import type { EventDocument, PredictionDocument } from './event.js';
import type { SampledFrame, FrameIdentity } from './frame-range.js';
import type { RunEnd } from './job-end.js';
import type { Parameters, Preprocess } from './job-input.js';
import type { ModelManifest, ModelRef } from './model-manifest.js';
import type { Size } from './detection.js';
import type { FrameRow, SkippedFrame } from './result.js';
import type { VideoInfo } from './video.js';
import type { Keyframe, VideoSource } from './plan.js';

/** An object's size in bytes, its etag, and the metadata it was stored with (lower-case names). */
export interface ObjectStat {
  readonly size: number;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A run of bytes of an object. */
export interface ByteSpan {
  readonly offset: number;
  readonly length: number;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** An S3-compatible store. Writes are atomic: an object is whole or absent. */
export interface ObjectStore {
  stat(bucket: string, key: string): Promise<ObjectStat | undefined>;
  get(bucket: string, key: string): Promise<Buffer>;
  getRange(bucket: string, key: string, offset: number, length: number): Promise<Buffer>;
  /** The whole object, or a span of its bytes. */
  getStream(bucket: string, key: string, span?: ByteSpan): Promise<Readable>;
  /** Writes an object to a local file. */
  getFile(bucket: string, key: string, path: string, signal?: AbortSignal): Promise<void>;
  put(bucket: string, key: string, data: Buffer | string, options?: PutOptions): Promise<void>;
  /** Writes a stream of unknown length, in parts of bounded memory. */
  putStream(bucket: string, key: string, data: Readable, options?: PutOptions): Promise<void>;
  putFile(bucket: string, key: string, path: string, options?: PutOptions): Promise<void>;
  /** Copies an object of any size inside its bucket, in the store itself. */
  copy(bucket: string, from: string, to: string, options?: PutOptions): Promise<void>;
  list(bucket: string, prefix: string): AsyncIterable<string>;
  /** Removes an object; one that is not there is as good. */
  remove(bucket: string, key: string): Promise<void>;
  ensureBucket(bucket: string): Promise<void>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
}

/** A part of an upload that arrived; parts count from 1. */
export interface StoredPart {
  readonly part: number;
  readonly etag: string;
  readonly size: number;
}

/** Uploads of objects in parts, which somebody else sends to addresses that are signed. */
export interface PartUploads {
  /** Begins an upload, and resolves with the store's id of it. */
  begin(bucket: string, key: string): Promise<string>;
  /** Address to which one part is PUT, good for so many seconds. */
  partUrl(upload: PartUpload, part: number, expiresS: number): Promise<string>;
  /** Parts that arrived, by number; undefined when the store knows no such upload. */
  parts(upload: PartUpload): Promise<StoredPart[] | undefined>;
  complete(upload: PartUpload, parts: readonly StoredPart[]): Promise<void>;
  /** Gives an upload up with its parts; one that is not there is as good. */
  abort(upload: PartUpload): Promise<void>;
  /** Uploads that were begun and not completed. */
  unfinished(bucket: string, prefix: string): AsyncIterable<PartUpload>;
}

export interface PartUpload {
  readonly bucket: string;
  readonly key: string;
  /** The store's id of the upload. */
  readonly id: string;
}

/** What a caller's key of a request stands for. */
export interface KeptRequest {
  /** SHA-256 of the request's content. */
  readonly content: string;
  /** The job that it made; null while it is not made. */
  readonly event_id: string | null;
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
    fields: Pick<EventDocument, 'status' | 'error'>,
  ): Promise<string | undefined>;
  /** Hands an event to a new run of the same job. */
  adoptEvent(eventId: string, fields: Partial<EventDocument>): Promise<void>;
  /** Inserts documents by `_id`; those that exist already are left as they are. */
  insertPredictions(documents: readonly PredictionDocument[]): Promise<void>;
  /** The newest events, or those that were made before a time. */
  listEvents(limit: number, before?: Date): Promise<EventDocument[]>;
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

/** The catalogue of models. */
export interface ModelRegistry {
  /**
   * The manifest of `name` (its newest version) or `name@version`, of the name that a file goes by,
   * or of the default model; throws `MODEL_NOT_FOUND`.
   */
  resolve(spec: string | undefined): Promise<ModelManifest>;
  list(): Promise<ModelManifest[]>;
  /**
   * Publishes a model file and the data files of its manifest, which lie beside it. The same bytes
   * that are fed and read in the same way are the same version of a name.
   */
  publish(path: string, manifest: Omit<ModelManifest, 'version'>): Promise<ModelManifest>;
  /** Takes a version out of the catalogue, with its files. */
  remove(model: Pick<ModelManifest, 'name' | 'version'>): Promise<void>;
}

/** Which frames of which file to decode. */
export interface DecodeRequest {
  /** Absolute path of the source, of a server-chosen name. */
  readonly source: string;
  /** Folder of this attempt; the decoder's files are made in it. */
  readonly folder: string;
  readonly video: VideoInfo;
  readonly identity: FrameIdentity;
  readonly seekPts: number;
  readonly frames: readonly SampledFrame[];
  /** Preprocessing in the decoder; false for none. */
  readonly preprocess: Preprocess | false;
  /** Raw output: full-size yuv420p, or planar G, B, R at this size. */
  readonly output:
    { readonly format: 'yuv420p' } | { readonly format: 'gbrp'; readonly size: Size };
  readonly signal: AbortSignal;
}

/** Raw frames one after another in one file, in the order of `frames`. */
export interface DecodedFrames {
  readonly path: string;
  readonly frameBytes: number;
  readonly frames: readonly SampledFrame[];
  readonly skipped: readonly SkippedFrame[];
}

/** Raw full-size yuv420p frames to JPEG files. */
export interface EncodeRequest {
  readonly path: string;
  readonly size: Size;
  readonly count: number;
  readonly folder: string;
  readonly preprocess: Preprocess | false;
  readonly signal: AbortSignal;
}

/** JPEGs one after another in one file, to planar G, B, R of one size. */
export interface DecodeJpegsRequest {
  readonly path: string;
  readonly count: number;
  readonly size: Size;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** What probing writes and tells. */
export interface ProbedVideo {
  readonly video: VideoInfo;
  readonly identity: FrameIdentity;
  readonly keyframes: readonly Keyframe[];
  /** Local file of int64 little-endian PTS, one per frame in display order. */
  readonly tablePath: string;
  readonly warnings: readonly string[];
}

/** Reads videos: probing, decoding, encoding. */
export interface VideoTools {
  probe(source: string, folder: string, signal: AbortSignal): Promise<ProbedVideo>;
  decode(request: DecodeRequest): Promise<DecodedFrames>;
  /** Resolves with the raw file, or with undefined when not each JPEG gave a frame. */
  decodeJpegs(request: DecodeJpegsRequest): Promise<string | undefined>;
  /** Encodes each raw frame to JPEG, in order; resolves with the paths of the files. */
  encode(request: EncodeRequest): Promise<readonly string[]>;
}

/** A whole video to be made from another one. */
export interface RenderRequest {
  /** Absolute path of the source, of a server-chosen name. */
  readonly source: string;
  /** Folder of this attempt; the video is made in it. */
  readonly folder: string;
  readonly video: VideoInfo;
  /** Objects that are drawn over the frames; none where the video is only brought to another form. */
  readonly overlay?: AsyncIterable<HeldRow>;
  /** Size that the video may have. */
  readonly maxBytes: number;
  readonly onFrames: (done: number) => void;
  readonly signal: AbortSignal;
}

/** Makes MP4s that every browser plays, with the timestamps and the sound of their source. */
export interface VideoRenderer {
  /**
   * Resolves with the path of the video. Throws `BAD_VIDEO` for what cannot be rendered, and
   * `LIMIT_EXCEEDED` for what becomes too large.
   */
  render(request: RenderRequest): Promise<string>;
}

/** A range of an event, as the scratch folder knows it. */
export interface RangeFiles {
  readonly eventId: string;
  readonly range: number;
}

/** Files of one worker process on its host. */
export interface Scratch {
  /** Id of this host's queue; a restarted worker has the same one. */
  readonly hostId: string;
  /** Runs work with a folder of its own for up to so many bytes; throws `SCRATCH_FULL`. */
  attempt<T>(bytes: number, work: (folder: string) => Promise<T>): Promise<T>;
  /** Moves a finished file or folder of an attempt to its range, in one step. */
  keep(range: RangeFiles, name: string, path: string): Promise<void>;
  /** Path of what was kept; throws `SCRATCH_LOST`. */
  find(range: RangeFiles, name: string): Promise<string>;
  drop(range: RangeFiles, name: string): Promise<void>;
  dropRange(range: RangeFiles): Promise<void>;
  dropEvent(eventId: string): Promise<void>;
  /** Events that files are kept of. */
  events(): Promise<string[]>;
}

/** Copies of source videos on this host. */
export interface SourceCache {
  /**
   * Puts the source into a folder, downloading it when needed, and resolves with its path.
   * `onDownload` is told the bytes of a download that this call made.
   */
  link(
    source: VideoSource,
    into: string,
    signal: AbortSignal,
    onDownload?: (bytes: number) => void,
  ): Promise<string>;
}

/** Who works for a task queue. */
export interface WorkerDirectory {
  /** Whether a worker polled this activity queue within the last 60 s. */
  isPolling(taskQueue: string): Promise<boolean>;
}

/** A run of a job that closed without having completed. */
export interface ClosedRun {
  readonly workflowId: string;
  readonly runId: string;
  readonly eventId: string;
}

/** What Temporal tells of jobs that ended, also of those that it ended itself. */
export interface ClosedRuns {
  /** Runs that did not complete and closed at this time or later. */
  since(time: Date): AsyncIterable<ClosedRun>;
  /**
   * The run that a workflow's job began with, and how its newest run ended; undefined while one
   * runs (again), and where the newest completed.
   */
  endOf(workflowId: string): Promise<(RunEnd & { readonly firstRunId: string }) | undefined>;
}

/** Where a detection process finds the frames of a range. */
export type FrameSource =
  | {
      readonly kind: 'objects';
      /** Folder of this attempt. */
      readonly folder: string;
      readonly event_id: string;
      readonly frames: readonly SampledFrame[];
      readonly skipped: readonly SkippedFrame[];
    }
  | {
      readonly kind: 'packed';
      readonly folder: string;
      readonly key: string;
      readonly frames: readonly SampledFrame[];
      readonly skipped: readonly SkippedFrame[];
    }
  | {
      readonly kind: 'video';
      readonly path: string;
      readonly folder: string;
      readonly identity: FrameIdentity;
      readonly seekPts: number;
      readonly frames: readonly SampledFrame[];
    };

/** A model on this host; its data files lie beside the file at `path`. */
export interface LocalModel {
  readonly manifest: ModelManifest;
  readonly path: string;
}

/** One range for a detection process: references only, never pixels. */
export interface LaneJob {
  readonly model: LocalModel;
  readonly source: FrameSource;
  readonly video: VideoInfo;
  readonly parameters: Parameters;
  /** Frames that are known to end the network's process: they are not given to it. */
  readonly failed?: readonly SkippedFrame[];
  /** The lane gets no other job meanwhile. */
  readonly alone?: boolean;
  /** Each inference gets one frame, so that one that ends the network's process is found. */
  readonly single?: boolean;
}

export interface LaneResult {
  readonly rows: readonly FrameRow[];
  /** Frames without a row, those that the network failed on among them. */
  readonly skipped: readonly SkippedFrame[];
  /** Those of the skipped frames that the network failed on. */
  readonly failed: readonly number[];
}

/** Detection processes. */
export interface Lanes {
  /**
   * Runs a job on a free lane; throws `LANE_LOST` when the lane dies or hangs, with the fact `frame`
   * when the network was at work on one, or `frames` (how many) when it was at work on several.
   */
  detect(
    job: LaneJob,
    options: { readonly signal: AbortSignal; readonly onFrames: (done: number) => void },
  ): Promise<LaneResult>;
}

/** A message to an address that a user gave. */
export interface PostedMessage {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Posts to an address of the outside, guarded against the network behind this host, and resolves with
 * the status of the answer; redirects are not followed.
 */
export type Post = (url: string, message: PostedMessage) => Promise<number>;

/** Model files of this host, verified by their SHA-256. */
export interface ModelFiles {
  fetch(model: ModelRef): Promise<LocalModel>;
}
