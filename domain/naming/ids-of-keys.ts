import { isId } from './ids.js';
import { RESCORE_SUFFIX, RESCORINGS_PREFIX, TRAINING_PREFIX } from './key-prefixes.js';
import { keys } from './keys.js';

/** Returns the id of a rescoring whose {@link keys.rescore} is a key; undefined for another key. */
export function rescoreIdOfKey(key: string): string | undefined {
  const id = key.slice(RESCORINGS_PREFIX.length, -RESCORE_SUFFIX.length);
  return isId(id) && key === keys.rescore(id) ? id : undefined;
}

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
