import { AppError } from './errors.js';

/** Type name of the workflow: a contract with the Temporal CLI, the Web UI and schedules. */
export const VIDEO_DETECTION = 'VideoDetection';

/** Workflow that notifies a webhook of the end of a job. */
export const NOTIFY_WEBHOOK = 'NotifyWebhook';

/** Workflow that sends an alert to the channels of its rule. */
export const SEND_ALERT = 'SendAlert';

/** Workflow that deletes a job with everything that it stored. */
export const DELETE_JOB = 'DeleteJob';

/** Workflow that deletes old jobs, or only their frames. */
export const PRUNE_JOBS = 'PruneJobs';

/** Workflow that stores the sightings of ended jobs. */
export const INDEX_JOBS = 'IndexJobs';

/** Schedule that prunes jobs; users cannot take the id, because theirs have no separator. */
export const RETENTION_SCHEDULE = 'vidette/retention';

/** Workflows that render a video from the source and the detections of a job. */
export const RENDERS = {
  annotated: { workflow: 'AnnotateVideo', idPrefix: 'annotate-video/' },
  preview: { workflow: 'PreviewVideo', idPrefix: 'preview-video/' },
  sprite: { workflow: 'RenderSprite', idPrefix: 'render-sprite/' },
} as const;

/** The source with its objects drawn in, or in a form that browsers play, or small images of it. */
export type RenderKind = keyof typeof RENDERS;

export const RENDER_KINDS = Object.keys(RENDERS) as RenderKind[]; // the keys of this record

/** Workflow that renders the frames in which two results of one video differ. */
export const RENDER_REEL = 'RenderReel';

/** Reel of a comparison: the ids of its jobs, and the minimum confidence of each side, 0 to 1. */
export interface ReelId {
  readonly a: string;
  readonly b: string;
  readonly conf_a: number;
  readonly conf_b: number;
}

/** Workflow that renders a span of the video of a job. */
export const RENDER_CLIP = 'RenderClip';

/** What is drawn on a clip: all objects, none, or those of one track. @example 'track-7' */
export type ClipBoxes = 'all' | 'none' | `track-${number}`;

/** Clip of the video of a job: its frames `[from_ms, to_ms)`, in ms to a thousandth, and their boxes. */
export interface ClipId {
  readonly event_id: string;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly boxes: ClipBoxes;
}

/** Workflow that runs the jobs of several videos. */
export const VIDEO_BATCH = 'VideoBatch';

/** Workflow that predicts on many images and assembles one table of them. */
export const PREDICT_BATCH = 'PredictBatch';

/** Workflow that watches a camera: one per scenario. */
export const STREAM_DETECTION = 'StreamDetection';

/** Workflow that pauses, resumes or stops a scenario: for schedules, which can only start workflows. */
export const CONTROL_STREAM = 'ControlStream';

export const BUCKETS = {
  videos: 'videos',
  frames: 'frames',
  results: 'results',
  models: 'models',
  streams: 'streams',
  /** Images of predictions and of data sets. */
  pictures: 'pictures',
  datasets: 'datasets',
} as const;

/** Metadata under which a video's original name is kept, percent-encoded: headers are ASCII. */
export const NAME_METADATA = 'original-name';

/** Pattern of event ids, video ids and model names. */
export const ID = /^[A-Za-z0-9_-]{1,128}$/;

/** Whether a text can be an event id, a video id or a model name: no separators, at most 128. */
export function isId(text: unknown): boolean {
  return typeof text === 'string' && ID.test(text);
}

/** Name of a model's ONNX file in the store and on disk; its manifest and data files are stored next to it. */
export const MODEL_FILE = 'model.onnx';
/** Name of a file of Keras 3, before it is converted. */
export const KERAS_MODEL_FILE = 'model.keras';
/** List of the files of a checkpoint, which are next to it under their SHA-256. */
export const CHECKPOINT_LIST = 'list.json';
export const MANIFEST_FILE = 'manifest.json';

const DATA_FILE_MAX = 400;
/** Backslashes, control characters, and characters with a special meaning to a system or ONNX Runtime. */
// eslint-disable-next-line no-control-regex -- matched to be rejected
const NOT_IN_DATA_FILES = /[\\\u0000-\u001f\u007f-\u009f<>:"|?*]/;

/**
 * Whether a text can name a data file of a model: a plain relative path inside the model's folder,
 * "/" between its parts, of at most 400 characters, and not the model's or its manifest's own name.
 * @example isDataFile('weights/a.bin') // true; '../a.bin', '/a.bin', './a.bin' are false
 */
export function isDataFile(text: string): boolean {
  const parts = text.split('/');
  const isReserved = [MODEL_FILE, MANIFEST_FILE].includes(parts[0]!.toLowerCase());
  return (
    text.length <= DATA_FILE_MAX &&
    !isReserved &&
    !NOT_IN_DATA_FILES.test(text) &&
    parts.every((part) => part !== '' && !/^\.{1,2}$/.test(part) && part === part.trim())
  );
}

function dataFile(text: string): string {
  if (isDataFile(text)) return text;
  throw new AppError(
    'INVALID_INPUT',
    `Expected a model's data file inside its folder, received ${JSON.stringify(text.slice(0, 80))}`,
  );
}

/**
 * An id as it may become part of a key or a filter; `kind` is its name with an article.
 * @throws AppError `INVALID_INPUT` for anything else, texts or not.
 */
export function expectId(kind: string, text: unknown): string {
  if (typeof text === 'string' && isId(text)) return text;
  const received = JSON.stringify(text)?.slice(0, 82);
  throw new AppError(
    'INVALID_INPUT',
    `Expected ${kind} of at most 128 letters, digits, "_" or "-", received ${received}`,
  );
}

/** Pattern of scenario ids: a UUID in lower case. */
export const SCENARIO_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A scenario_uuid as it may become part of a key or a filter.
 * @throws AppError `INVALID_INPUT` for anything else, also for a UUID in upper case.
 */
export function expectScenarioUuid(text: unknown): string {
  if (typeof text === 'string' && SCENARIO_UUID.test(text)) return text;
  const received = JSON.stringify(text)?.slice(0, 82);
  throw new AppError(
    'INVALID_INPUT',
    `Expected a scenario_uuid such as 5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c, received ${received}`,
  );
}

/** Pattern of a SHA-256 in lower-case hexadecimal. */
export const SHA256 = /^[0-9a-f]{64}$/;

/**
 * A SHA-256 as it may become part of a key or a filter.
 * @throws AppError `INVALID_INPUT` for anything else.
 */
export function expectSha256(text: unknown): string {
  if (typeof text === 'string' && SHA256.test(text)) return text;
  const received = JSON.stringify(text)?.slice(0, 82);
  throw new AppError(
    'INVALID_INPUT',
    `Expected a SHA-256 of 64 digits in lower-case hexadecimal, received ${received}`,
  );
}

/** Prefix of the keys of stored videos, and their ending. */
export const VIDEOS_PREFIX = 'input/';
export const VIDEO_SUFFIX = '.mp4';

/** Prefix of the keys of uploads in the bucket of videos; jobs never read there. */
export const UPLOADS_PREFIX = 'uploads/';

/** Object keys, each made in this one place from checked parts. */
export const keys = {
  /** @example keys.video('cars') // 'input/cars.mp4' */
  video: (videoId: string) => `${VIDEOS_PREFIX}${expectId('a video_id', videoId)}${VIDEO_SUFFIX}`,
  /** An upload before its content, and so its video_id, is known. */
  upload: (uploadId: string) => `${UPLOADS_PREFIX}${expectId('an upload_id', uploadId)}`,
  /** Marker beside a streamed upload, by which an aborted one is found. */
  uploadMark: (uploadId: string) => `${UPLOADS_PREFIX}${expectId('an upload_id', uploadId)}.begun`,
  /** State of an upload in parts. */
  uploadInfo: (uploadId: string) => `${UPLOADS_PREFIX}${expectId('an upload_id', uploadId)}.json`,
  /** @example keys.frame('e1', 35) // 'frames/e1/35.jpg' */
  frame: (eventId: string, frame: number) =>
    `frames/${expectId('an event_id', eventId)}/${frame}.jpg`,
  /** @example keys.pack('e1', 2) // 'frames/e1/2.pack' */
  pack: (eventId: string, range: number) =>
    `frames/${expectId('an event_id', eventId)}/${range}.pack`,
  /** Which frames of a range are stored, and which could not be decoded. */
  frameIndex: (eventId: string, range: number) =>
    `frames/${expectId('an event_id', eventId)}/${range}.json`,
  frameTable: (eventId: string) => `tables/${expectId('an event_id', eventId)}/pts.bin`,
  plan: (eventId: string) => `tables/${expectId('an event_id', eventId)}/plan.json`,
  part: (eventId: string, range: number) =>
    `parts/${expectId('an event_id', eventId)}/${range}.jsonl`,
  /** Tracks of the objects of a range. @example keys.tracks('e1', 2) // 'tracks/e1/2.json' */
  tracks: (eventId: string, range: number) => `${tracksPrefix(eventId)}${range}.json`,
  /** State of the rules of a job after a range. @example keys.alertState('e1', 2) // 'alerts/e1/2.json' */
  alertState: (eventId: string, range: number) => `${alertsPrefix(eventId)}${range}.json`,
  /** @example keys.alertSnapshot('e1', 'person', 2) // 'alerts/e1/person/2.jpg' */
  alertSnapshot: (eventId: string, rule: string, n: number) =>
    `${alertsPrefix(eventId)}${expectId('a rule', rule)}/${n}.jpg`,
  result: (eventId: string) => `results/${expectId('an event_id', eventId)}.json`,
  /** @example keys.render('e1', 'annotated') // 'results/e1.annotated.mp4' */
  render: (eventId: string, kind: RenderKind) =>
    `results/${expectId('an event_id', eventId)}.${kind}.${kind === 'sprite' ? 'jpg' : 'mp4'}`,
  /** @example keys.clip({ event_id: 'e1', from_ms: 0, to_ms: 800, boxes: 'all' }) // 'results/e1.clip/0_800.all.mp4' */
  clip: (clip: ClipId) => `${keys.clipMark(clip)}.mp4`,
  /** Mark of a clip, by which a deletion of the job finds a render that is in progress. */
  clipMark: (clip: ClipId) => `${clipPrefix(clip.event_id)}${nameClip(clip)}`,
  /** @example keys.reel({ a: 'e1', b: 'e2', conf_a: 0.25, conf_b: 0.3 }) // 'results/e1.reel/e1.e2/0.25_0.3.mp4' */
  reel: (reel: ReelId) => `${keys.reelUse(reel.a, reel)}.mp4`,
  /** Mark of a reel at one of its jobs, by which a deletion of that job finds it. */
  reelUse: (eventId: string, reel: ReelId) => `${reelPrefix(eventId)}${nameReel(reel)}`,
  /** Description of the list of a batch of images; the list is complete once it exists. */
  imageList: (batchId: string) => `${imageBatchPrefix(batchId)}list/index.json`,
  /** @example keys.imageShard('b1', 0) // 'batches/b1/list/0.jsonl' */
  imageShard: (batchId: string, shard: number) => `${imageBatchPrefix(batchId)}list/${shard}.jsonl`,
  imagePart: (batchId: string, slice: number) =>
    `${imageBatchPrefix(batchId)}parts/${slice}.jsonl.gz`,
  /** @example keys.imageTable('b1', 'csv') // 'batches/b1/table.csv' */
  imageTable: (batchId: string, extension: string) =>
    `${imageBatchPrefix(batchId)}table.${extension}`,
  /** An uploaded image, zip or list of a batch, by its content. */
  imageInput: (batchId: string, sha256: string) => `${imageBatchPrefix(batchId)}input/${sha256}`,
  /** Model, time span and kinds of a rescoring. @example keys.rescore('r1') // 'rescorings/r1.json' */
  rescore: (rescoreId: string) =>
    `${RESCORINGS_PREFIX}${expectId('a rescore_id', rescoreId)}${RESCORE_SUFFIX}`,
  /** Named zones of a video, in the bucket of results. @example 'zones/videos/cars/gate.json' */
  zoneSet: (bucket: string, videoId: string, name: string) =>
    `${zonesPrefix(bucket, videoId)}${expectId('a name of zones', name)}${ZONES_SUFFIX}`,
  /** What a rescoring compares; it never changes once this exists. */
  rescoreList: (rescoreId: string) => `${rescorePrefix(rescoreId)}list.json`,
  /** Past predictions of the images, a line each. */
  rescoreImages: (rescoreId: string) => `${rescorePrefix(rescoreId)}images.jsonl`,
  /** Keys of the images, in the bucket of images, where a batch of images reads them. */
  rescoreKeys: (rescoreId: string) => `${rescorePrefix(rescoreId)}keys.jsonl`,
  /** What differs, in the order in which it was compared, and what is worth most. */
  rescoreCases: (rescoreId: string) => `${rescorePrefix(rescoreId)}cases.jsonl`,
  rescoreRanking: (rescoreId: string) => `${rescorePrefix(rescoreId)}ranking.jsonl`,
  /** Report of a rescoring, which is complete once this exists. */
  rescoreReport: (rescoreId: string) => `${rescorePrefix(rescoreId)}report.json`,
  /** A trained model that is not in the catalogue. */
  trainedModel: (retrainId: string) => `${trainingPrefix(retrainId)}${MODEL_FILE}`,
  /** Result of a training; it is complete once this exists. */
  trainingResult: (retrainId: string) => `${trainingPrefix(retrainId)}result.json`,
  /** Prefix of the checkpoints of all attempts of a training. */
  checkpoints: (retrainId: string) => `${trainingPrefix(retrainId)}checkpoint/`,
  /** Prefix of the newest checkpoint of an attempt: its {@link CHECKPOINT_LIST} and its files. */
  checkpoint: (retrainId: string, attempt: string) =>
    `${trainingPrefix(retrainId)}checkpoint/${expectId('an attempt', attempt)}/`,
  /** Answers of a model on the test part. */
  evaluation: (retrainId: string, sha256: string) =>
    `${trainingPrefix(retrainId)}evaluation-${expectSha256(sha256)}.jsonl`,
  /** What was trained, compared and decided. */
  retrainReport: (retrainId: string) => `${trainingPrefix(retrainId)}report.json`,
  /** @example keys.image('9f2c…') // 'pictures/9f/9f2c…' */
  image: (sha256: string) => `pictures/${expectSha256(sha256).slice(0, 2)}/${expectSha256(sha256)}`,
  /** Prefix of the versions of a data set in the bucket of data sets. */
  dataset: (name: string) => `${expectId('a name of a data set', name)}/`,
  /** Manifest of a version of a data set, which is complete once it exists. */
  datasetManifest: (name: string, version: number) =>
    `${expectId('a name of a data set', name)}/${version}/${MANIFEST_FILE}`,
  /** @example keys.datasetItems('fish', 3) // 'fish/3/items.jsonl' */
  datasetItems: (name: string, version: number) =>
    `${expectId('a name of a data set', name)}/${version}/items.jsonl`,
  /** Prefix of all objects of a model version. */
  modelFolder: (name: string, version: number) => `${expectId('a model name', name)}/${version}/`,
  model: (name: string, version: number) =>
    `${expectId('a model name', name)}/${version}/${MODEL_FILE}`,
  /** @example keys.modelData('best', 2, 'weights.bin') // 'best/2/weights.bin' */
  modelData: (name: string, version: number, file: string) =>
    `${expectId('a model name', name)}/${version}/${dataFile(file)}`,
  manifest: (name: string, version: number) =>
    `${expectId('a model name', name)}/${version}/${MANIFEST_FILE}`,
  /** Prefix of the aliases of a model. */
  aliases: (name: string) => `${expectId('a model name', name)}/aliases/`,
  /** @example keys.alias('fish', 'champion') // 'fish/aliases/champion.json' */
  alias: (name: string, alias: string) =>
    `${expectId('a model name', name)}/aliases/${expectId('an alias', alias)}.json`,
  /** Prefix of the changes of a model's aliases, whose names sort by time. */
  aliasHistory: (name: string) => `${expectId('a model name', name)}/history/`,
  aliasChange: (name: string, change: string) =>
    `${expectId('a model name', name)}/history/${expectId('a change of an alias', change)}.json`,
} as const;

/** Objects whose keys start with a prefix. */
export interface ObjectGroup {
  readonly bucket: string;
  readonly prefix: string;
}

/** Stored frames of a job: objects, packs and their indices. */
export function frameObjects(eventId: string): ObjectGroup {
  return { bucket: BUCKETS.frames, prefix: `frames/${expectId('an event_id', eventId)}/` };
}

/**
 * All objects of a job. Ids contain neither "/" nor ".", so no prefix matches another job. The plan
 * is first, because renders start from it.
 */
export function jobObjects(eventId: string): readonly ObjectGroup[] {
  const id = expectId('an event_id', eventId);
  const prefixes = [
    `tables/${id}/`,
    `results/${id}.`,
    `parts/${id}/`,
    tracksPrefix(id),
    alertsPrefix(id),
  ];
  const groups = prefixes.map((prefix) => ({ bucket: BUCKETS.results, prefix }));
  return [...groups, frameObjects(id)];
}

/** Prefix of the keys of the tracks of a job. */
export function tracksPrefix(eventId: string): string {
  return `tracks/${expectId('an event_id', eventId)}/`;
}

function alertsPrefix(eventId: string): string {
  return `alerts/${expectId('an event_id', eventId)}/`;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ZONES_SUFFIX = '.json';

/** Zones of a video in a bucket, each a JSON object under its name. */
export function zoneObjects(bucket: string, videoId: string): ObjectGroup {
  return { bucket: BUCKETS.results, prefix: zonesPrefix(bucket, videoId) };
}

/** Returns the name of the zones whose {@link keys.zoneSet} is a key; undefined for another key. */
export function zonesNameOfKey(key: string): string | undefined {
  const name = key.slice(key.lastIndexOf('/') + 1, -ZONES_SUFFIX.length);
  return key.endsWith(ZONES_SUFFIX) && isId(name) ? name : undefined;
}

function zonesPrefix(bucket: string, videoId: string): string {
  if (!BUCKET.test(bucket)) {
    const received = JSON.stringify(bucket).slice(0, 82);
    throw new AppError('INVALID_INPUT', `Expected the name of a bucket, received ${received}`);
  }
  return `zones/${bucket}/${expectId('a video_id', videoId)}/`;
}

/** All reels of a job, and the marks of those that are stored at the other job. */
export function reelObjects(eventId: string): ObjectGroup {
  return { bucket: BUCKETS.results, prefix: reelPrefix(eventId) };
}

function reelPrefix(eventId: string): string {
  return `results/${expectId('an event_id', eventId)}.reel/`;
}

/** Name of a reel in keys and workflow ids. @example 'e1.e2/0.25_0.3' */
export function nameReel({ a, b, conf_a, conf_b }: ReelId): string {
  const ids = [a, b].map((id) => expectId('an event_id', id)).join('.');
  return `${ids}/${expectConf(conf_a)}_${expectConf(conf_b)}`;
}

function expectConf(conf: unknown): number {
  if (typeof conf === 'number' && conf >= 0 && conf <= 1) return conf;
  throw new AppError('INVALID_INPUT', `Expected a confidence of 0 to 1, received ${String(conf)}`);
}

/** All clips of a job, and their marks. */
export function clipObjects(eventId: string): ObjectGroup {
  return { bucket: BUCKETS.results, prefix: clipPrefix(eventId) };
}

function clipPrefix(eventId: string): string {
  return `results/${expectId('an event_id', eventId)}.clip/`;
}

/** Pattern of {@link ClipBoxes}. */
export const CLIP_BOXES = /^(?:all|none|track-[1-9]\d{0,14})$/;
const CLIP_NAME = /^(\d+(?:\.\d{1,3})?)_(\d+(?:\.\d{1,3})?)\.(all|none|track-\d+)(?:\.mp4)?$/;

/** Name of a clip in keys and workflow ids. @example '12000_20000.track-7' */
export function nameClip({ from_ms, to_ms, boxes }: ClipId): string {
  const name = `${from_ms}_${to_ms}.${boxes}`;
  if (CLIP_NAME.test(name) && CLIP_BOXES.test(boxes)) return name;
  throw new AppError(
    'INVALID_INPUT',
    `Expected a clip of times in ms to a thousandth and the boxes "all", "none" or "track-1", received ${JSON.stringify(name.slice(0, 80))}`,
  );
}

/** Returns the clip whose object or mark has a key; undefined for another key. */
export function clipOfKey(eventId: string, key: string): ClipId | undefined {
  const [, from, to, boxes] = CLIP_NAME.exec(key.slice(clipPrefix(eventId).length)) ?? [];
  if (from === undefined) return undefined;
  const clip = { event_id: eventId, from_ms: Number(from), to_ms: Number(to) };
  return { ...clip, boxes: boxes as ClipBoxes }; // the pattern has matched it
}

const CONF = String.raw`(1|0(?:\.\d+)?|\d(?:\.\d+)?e-\d+)`;
const REEL_NAME = new RegExp(
  String.raw`^([\w-]{1,128})\.([\w-]{1,128})/${CONF}_${CONF}(?:\.mp4)?$`,
);

/** Returns the reel whose object or mark has a key; undefined for another key. */
export function reelOfKey(key: string): ReelId | undefined {
  const name = key.slice(key.indexOf('.reel/') + '.reel/'.length);
  const [, a, b, confA, confB] = REEL_NAME.exec(name) ?? [];
  if (!a || !b) return undefined;
  return { a, b, conf_a: Number(confA), conf_b: Number(confB) };
}

/** Prefix of the keys of batches of images in the bucket of results. */
export const IMAGE_BATCHES_PREFIX = 'batches/';

function imageBatchPrefix(batchId: string): string {
  return `${IMAGE_BATCHES_PREFIX}${expectId('a batch_id', batchId)}/`;
}

/** Prefix of the keys of rescorings in the bucket of results. */
export const RESCORINGS_PREFIX = 'rescorings/';
const RESCORE_SUFFIX = '.json';

function rescorePrefix(rescoreId: string): string {
  return `${RESCORINGS_PREFIX}${expectId('a rescore_id', rescoreId)}/`;
}

/** Everything that a rescoring stores beside its {@link keys.rescore}, in both buckets. */
export function rescoreObjects(rescoreId: string): readonly ObjectGroup[] {
  const prefix = rescorePrefix(rescoreId);
  return [BUCKETS.results, BUCKETS.pictures].map((bucket) => ({ bucket, prefix }));
}

/** Returns the id of a rescoring whose {@link keys.rescore} is a key; undefined for another key. */
export function rescoreIdOfKey(key: string): string | undefined {
  const id = key.slice(RESCORINGS_PREFIX.length, -RESCORE_SUFFIX.length);
  return isId(id) && key === keys.rescore(id) ? id : undefined;
}

/** Prefix of the keys of retrainings in the bucket of results. */
export const TRAINING_PREFIX = 'training/';

/** Returns the id of a retraining whose report is a key; undefined for another key. */
export function retrainIdOfReport(key: string): string | undefined {
  const id = key.slice(TRAINING_PREFIX.length).split('/')[0];
  return isId(id) && key === keys.retrainReport(id!) ? id : undefined;
}

/** Returns the id of the retraining of which a key is an object; undefined for another key. */
export function retrainIdOfKey(key: string): string | undefined {
  const [id, ...rest] = key.slice(TRAINING_PREFIX.length).split('/');
  return key.startsWith(TRAINING_PREFIX) && rest.length > 0 && isId(id) ? id : undefined;
}

/** @example trainingPrefix('retrain-1') // 'training/retrain-1/' */
export function trainingPrefix(retrainId: string): string {
  return `${TRAINING_PREFIX}${expectId('a retrain_id', retrainId)}/`;
}

/** All objects of a batch of images: uploads, list, parts and tables. */
export function imageBatchObjects(batchId: string): ObjectGroup {
  return { bucket: BUCKETS.results, prefix: imageBatchPrefix(batchId) };
}

/** `_id` of a prediction document. */
export function predictionId(eventId: string, frame: number): string {
  return `${eventId}/${frame}`;
}
