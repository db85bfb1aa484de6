import { AppError } from '../../domain/errors.js';
import type { EnsembleOutput } from '../../domain/model/ensemble.js';
import type { ModelOptions } from '../session/running-model.js';

/** A loaded member of an ensemble. */
export interface LoadedMember<T> {
  readonly model: T;
  readonly weight: number;
  /** Class id of the ensemble for each class id of the member. */
  readonly classIds: readonly number[];
}

/** Returns the output of an ensemble. @throws AppError `INVALID_INPUT` for another model. */
export function ensembleOutputOf({ name, output }: ModelOptions['manifest']): EnsembleOutput {
  if (output.family === 'ensemble') return output;
  throw new AppError('INVALID_INPUT', `Model ${name} is not an ensemble.`, { model: name });
}

/**
 * Loads the members of an ensemble, one after another.
 * @throws AppError as `open` does; the members that were loaded are closed.
 */
export async function loadMembers<T extends { readonly close: () => Promise<void> }>(
  { manifest, members = [], ...shared }: ModelOptions,
  open: (options: ModelOptions) => Promise<T>,
): Promise<readonly LoadedMember<T>[]> {
  const weights = ensembleOutputOf(manifest).members.map(({ weight }) => weight);
  if (members.length !== weights.length) throw missingMembers(manifest.name, weights.length);
  const loaded: LoadedMember<T>[] = [];
  try {
    for (const [i, { manifest: member, path: modelPath }] of members.entries()) {
      const options = { ...shared, manifest: member, modelPath };
      const classIds = member.labels.map((label) => manifest.labels.indexOf(label));
      loaded.push({ model: await open(options), weight: weights[i]!, classIds });
    }
  } catch (error) {
    await closeMembers(loaded);
    throw error;
  }
  return loaded;
}

export async function closeMembers(
  members: readonly LoadedMember<{ readonly close: () => Promise<void> }>[],
): Promise<void> {
  await Promise.all(members.map(({ model }) => model.close()));
}

function missingMembers(name: string, count: number): AppError {
  return new AppError(
    'MODEL_UNAVAILABLE',
    `Ensemble ${name} needs the files of its ${count} members, which are in the catalogue.`,
    { model: name },
  );
}
