import { type ClipId, clipPrefix, nameClip } from './clip-names.js';
import { expectId, expectSha256 } from './ids.js';
import {
  alertsPrefix,
  imageBatchPrefix,
  RESCORE_SUFFIX,
  rescorePrefix,
  RESCORINGS_PREFIX,
  tracksPrefix,
  trainingPrefix,
  UPLOADS_PREFIX,
  VIDEO_SUFFIX,
  VIDEOS_PREFIX,
} from './key-prefixes.js';
import { expectDataFile, MANIFEST_FILE, MODEL_FILE } from './model-files.js';
import { nameReel, type ReelId, reelPrefix } from './reel-names.js';
import type { RenderKind } from './workflow-names.js';
import { ZONES_SUFFIX, zonesPrefix } from './zone-set-names.js';

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
    `${expectId('a model name', name)}/${version}/${expectDataFile(file)}`,
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
