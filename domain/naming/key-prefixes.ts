import { expectId } from './ids.js';

/** Prefix of the keys of stored videos, and their ending. */
export const VIDEOS_PREFIX = 'input/';
export const VIDEO_SUFFIX = '.mp4';

/** Prefix of the keys of uploads in the bucket of videos; jobs never read there. */
export const UPLOADS_PREFIX = 'uploads/';

/** Prefix of the keys of the tracks of a job. */
export function tracksPrefix(eventId: string): string {
  return `tracks/${expectId('an event_id', eventId)}/`;
}

/** Prefix of the keys of the states and snapshots of the alerts of a job. */
export function alertsPrefix(eventId: string): string {
  return `alerts/${expectId('an event_id', eventId)}/`;
}

/** Prefix of the keys of batches of images in the bucket of results. */
export const IMAGE_BATCHES_PREFIX = 'batches/';

/** @example imageBatchPrefix('b1') // 'batches/b1/' */
export function imageBatchPrefix(batchId: string): string {
  return `${IMAGE_BATCHES_PREFIX}${expectId('a batch_id', batchId)}/`;
}

/** Prefix of the keys of rescorings in the bucket of results. */
export const RESCORINGS_PREFIX = 'rescorings/';
/** Ending of the keys of their descriptions. */
export const RESCORE_SUFFIX = '.json';

/** Prefix of what a rescoring stores beside its description. */
export function rescorePrefix(rescoreId: string): string {
  return `${RESCORINGS_PREFIX}${expectId('a rescore_id', rescoreId)}/`;
}

/** Prefix of the keys of retrainings in the bucket of results. */
export const TRAINING_PREFIX = 'training/';

/** @example trainingPrefix('retrain-1') // 'training/retrain-1/' */
export function trainingPrefix(retrainId: string): string {
  return `${TRAINING_PREFIX}${expectId('a retrain_id', retrainId)}/`;
}
