import { AppError } from '../domain/errors.js';
import { BUCKETS, expectSha256, keys } from '../domain/names.js';
import type { DatasetStore } from '../domain/ports/dataset-store.js';
import type { VidetteClientDeps } from './deps.js';
import { listRetrainings } from './retrain/list-retrainings.js';

export interface EraseOptions {
  /** Erases an image that data sets use; their exports leave it out. */
  readonly force?: boolean | undefined;
}

/** Image that was erased. */
export interface ErasedImage {
  readonly sha256: string;
  /** Versions of data sets that have it, as `name@version`; their exports leave it out. */
  readonly datasets: readonly string[];
  /** Versions of models that were trained on these, as far as Temporal has their retrainings. */
  readonly models: readonly string[];
}

/** Maximum number of data sets that a message names. */
const NAMED = 5;

/**
 * Erases a kept image, which is never kept again. Can be repeated after an interruption.
 * @throws AppError `INVALID_INPUT`, `IMAGE_NOT_FOUND`, or `IMAGE_IN_USE` with the data sets that use it.
 */
export async function eraseImage(
  deps: VidetteClientDeps,
  sha256: string,
  { force = false }: EraseOptions = {},
): Promise<ErasedImage> {
  const key = keys.image(expectSha256(sha256));
  const datasets = await usesOf(deps.datasets, sha256);
  if (datasets.length > 0 && !force) throw imageInUse(sha256, datasets);
  if (!(await deps.documents.keptImages.erase(sha256, new Date()))) {
    throw new AppError('IMAGE_NOT_FOUND', `Image ${sha256} is not kept.`, { sha256 });
  }
  await deps.objects.remove(BUCKETS.pictures, key);
  return { sha256, datasets, models: await modelsOf(deps, datasets) };
}

/** Reads the items of all versions of all data sets; returns those with the image. */
async function usesOf(datasets: DatasetStore, sha256: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { name } of await datasets.list()) {
    for (const version of await datasets.versions(name)) {
      for await (const { picture: image } of datasets.items(version)) {
        if (image.sha256 !== sha256) continue;
        found.push(`${name}@${version.version}`);
        break;
      }
    }
  }
  return found;
}

async function modelsOf(
  deps: VidetteClientDeps,
  datasets: readonly string[],
): Promise<readonly string[]> {
  if (datasets.length === 0) return [];
  const retrainings = await listRetrainings(deps);
  return retrainings.flatMap(({ model, version, dataset }) => {
    const isTrained = dataset && datasets.includes(`${dataset.name}@${dataset.version}`);
    return isTrained && version !== null ? [`${model}@${version}`] : [];
  });
}

function imageInUse(sha256: string, datasets: readonly string[]): AppError {
  const named = datasets.slice(0, NAMED).join(', ');
  const more = datasets.length > NAMED ? ` and ${datasets.length - NAMED} more versions` : '';
  return new AppError(
    'IMAGE_IN_USE',
    `Image ${sha256} is used by the data sets ${named}${more}. Erase it with "force": their exports then leave it out, and models that were trained with it stay as they are.`,
    { sha256 },
  );
}
