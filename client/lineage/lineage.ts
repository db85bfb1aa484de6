import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import type { DatasetManifest } from '../../domain/dataset/dataset-manifest.js';
import { AppError } from '../../domain/errors.js';
import type { DatasetOrigin, DatasetUse, ModelLineage } from '../../domain/lineage/lineage.js';
import {
  datasetRefOf,
  readRetrainedModels,
  type RetrainedModel,
} from '../../domain/lineage/read-reports.js';
import { summariseItems } from '../../domain/lineage/summarise-items.js';
import { expectId, expectSha256 } from '../../domain/names.js';
import type { VidetteClientDeps } from '../deps.js';

/** An image by the SHA-256 of its file, or a job. */
export type LineageQuery = { readonly image: string } | { readonly job: string };

/** What models and data sets were made from, read from what is stored. */
export interface Lineage {
  /** Returns where a version of a model comes from. @throws AppError `MODEL_NOT_FOUND`. */
  ofModel(name: string, version: number): Promise<ModelLineage>;
  /**
   * Returns the versions of data sets that have items of an image or of a job, and the models that were
   * trained with them. Reads the items of all versions.
   */
  uses(query: LineageQuery): Promise<readonly DatasetUse[]>;
}

type Deps = Pick<VidetteClientDeps, 'objects' | 'models' | 'datasets'>;

export function createLineage(deps: Deps): Lineage {
  return {
    ofModel: (name, version) => readModelLineage(deps, name, version),
    uses: (query) => findUses(deps, query),
  };
}

async function readModelLineage(
  deps: Deps,
  modelName: string,
  modelVersion: number,
): Promise<ModelLineage> {
  const { name, version, sha256 } = await deps.models.resolve(
    `${expectId('a model name', modelName)}@${modelVersion}`,
  );
  const all = await readRetrainedModels(deps.objects);
  const isThis = (other: { readonly name: string; readonly version: number }) =>
    other.name === name && other.version === version;
  const retrainings = all.filter(isThis).map(({ origin }) => origin);
  const datasets = new Map(
    retrainings.map(({ dataset }) => [`${dataset.name}@${dataset.version}`, dataset]),
  );
  const origins: DatasetOrigin[] = [];
  for (const dataset of datasets.values()) {
    const found = await deps.datasets.find(dataset.name, dataset.version);
    if (found) origins.push(await summariseItems(dataset, deps.datasets.items(found)));
  }
  const descendants = all.filter(({ origin }) => isThis(origin.base)).map(toModel);
  return { model: { name, version, sha256 }, retrainings, datasets: origins, descendants };
}

async function findUses({ objects, datasets }: Deps, query: LineageQuery): Promise<DatasetUse[]> {
  const isUse = matcherOf(query);
  const retrained = await readRetrainedModels(objects);
  const uses: DatasetUse[] = [];
  for (const { name } of await datasets.list()) {
    for (const manifest of await datasets.versions(name)) {
      let items = 0;
      for await (const item of datasets.items(manifest)) if (isUse(item)) items++;
      if (items > 0) uses.push(toUse(manifest, items, retrained));
    }
  }
  return uses;
}

function matcherOf(query: LineageQuery): (item: DatasetItem) => boolean {
  if ('image' in query) {
    const sha256 = expectSha256(query.image);
    return (item) => item.picture.sha256 === sha256;
  }
  const eventId = expectId('an event_id', query.job);
  return ({ source }) => 'event_id' in source && source.event_id === eventId;
}

function toUse(
  manifest: DatasetManifest,
  items: number,
  retrained: readonly RetrainedModel[],
): DatasetUse {
  const { name, version } = manifest;
  const isTrained = ({ origin: { dataset } }: RetrainedModel) =>
    dataset.name === name && dataset.version === version;
  return { ...datasetRefOf(manifest), items, models: retrained.filter(isTrained).map(toModel) };
}

function toModel({ name, version, sha256, origin }: RetrainedModel) {
  return { name, version, sha256, retrain_id: origin.retrain_id };
}

/** @throws AppError `INVALID_INPUT` unless an image or a job is given, and not both. */
export function lineageQueryOf(given: {
  readonly image?: string | undefined;
  readonly job?: string | undefined;
}): LineageQuery {
  const { image, job } = given;
  if (image !== undefined && job === undefined) return { image };
  if (job !== undefined && image === undefined) return { job };
  throw new AppError('INVALID_INPUT', 'Give an image or a job: image=SHA256 or job=EVENT_ID.');
}
