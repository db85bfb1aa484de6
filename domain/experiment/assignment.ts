import { createHash } from 'node:crypto';
import { sha256 } from '../hash.js';
import type { ArmName, AssignmentKey, Experiment } from './experiment.js';

/** Facts about a request that can keep it in an arm. */
export interface AssignmentFacts {
  /** Value of the header `X-Vidette-Subject`. */
  readonly subject?: string | undefined;
  /** Name of the API key. */
  readonly apiKey?: string | undefined;
  /** SHA-256 of the image. */
  readonly image: string;
}

/**
 * Returns the key by which a request is assigned: the kind that the experiment names, else the next one
 * that the request has. Keys of different kinds are never equal.
 */
export function assignmentKeyOf(
  { subject, apiKey, image }: AssignmentFacts,
  kind: AssignmentKey,
): string {
  if (kind === 'header' && subject !== undefined) return `subject\0${subject}`;
  if (kind !== 'image' && apiKey !== undefined) return `api-key\0${apiKey}`;
  return `image\0${image}`;
}

/**
 * Place of a key in an experiment, 0 to 1: the first 32 bits of a SHA-256. Places are uniform, and those
 * in different experiments are independent.
 */
export function placeOf(experimentId: string, key: string): number {
  const hash = createHash('sha256').update(`${experimentId}\0${key}`).digest();
  return hash.readUInt32BE(0) / 2 ** 32;
}

/**
 * Returns the arm of a key, always the same one. The challenger has the places below its share, so that a
 * higher share moves keys to the challenger and none back.
 */
export function assignArm(
  { experiment_id, arms }: Pick<Experiment, 'experiment_id' | 'arms'>,
  key: string,
): ArmName {
  return placeOf(experiment_id, key) < arms.challenger.share ? 'challenger' : 'champion';
}

/** Key as it is stored: without the experiment it cannot be compared with other records. */
export function hashKey(experimentId: string, key: string): string {
  return sha256(`stored\0${experimentId}\0${key}`);
}
