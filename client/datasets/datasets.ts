import type { Readable } from 'node:stream';
import {
  buildDataset,
  type BuildRequest,
  type BuiltDataset,
} from '../../domain/dataset/build-dataset.js';
import type { DatasetItem } from '../../domain/dataset/dataset-item.js';
import { type DatasetManifest, parseDatasetSpec } from '../../domain/dataset/dataset-manifest.js';
import type { DatasetFormat } from '../../domain/dataset/export-files.js';
import { AppError } from '../../domain/errors.js';
import type { VidetteClientDeps } from '../deps.js';
import { zipDataset } from './export-dataset.js';
import { importDataset, type ImportOptions, type ImportReport } from './import/import-dataset.js';

/** Data sets made from feedback. */
export interface Datasets {
  /**
   * Builds the next version of a data set from all feedback, or returns the one with the same content.
   * @throws AppError `INVALID_INPUT`, `LIMIT_EXCEEDED`.
   */
  build(name: string, request?: BuildRequest): Promise<BuiltDataset>;
  /** Lists the newest version of each data set, by name. */
  list(): Promise<readonly DatasetManifest[]>;
  /** Lists the versions of a data set, newest first. @throws AppError `DATASET_NOT_FOUND`. */
  versions(name: string): Promise<readonly DatasetManifest[]>;
  /** Finds `name@version`, or the newest version of `name`. @throws AppError `DATASET_NOT_FOUND`. */
  get(spec: string): Promise<DatasetManifest>;
  /** Reads the items of a version. */
  items(manifest: DatasetManifest): AsyncIterable<DatasetItem>;
  /** Streams a version with its images as a zip, without erased ones. @throws AppError `DATASET_NOT_FOUND`, `INVALID_INPUT`. */
  exportStream(spec: string, format: DatasetFormat): Promise<Readable>;
  /**
   * Imports the annotations of a zip (COCO, YOLO or folders of classes) as feedback of a data set, whose
   * next version has them. Images are found by the SHA-256 in their name, and others are skipped. Parts
   * (train, val, test) that the zip gives are kept.
   * @throws AppError `INVALID_INPUT`, also for an image in two parts; `LIMIT_EXCEEDED`.
   */
  import(name: string, path: string, options?: ImportOptions): Promise<ImportReport>;
}

export function createDatasets(deps: VidetteClientDeps): Datasets {
  const { datasets, documents, objects, describeImage = cannotDescribe } = deps;
  return {
    build: (name, request) => {
      const { keptImages } = documents;
      const stores = { datasets, documents, objects, keptImages, describeImage };
      return buildDataset(stores, name, request);
    },
    list: () => datasets.list(),
    versions: async (name) => {
      const versions = await datasets.versions(name);
      if (versions.length === 0) throw notFound(name);
      return versions;
    },
    get: (spec) => findDataset(deps, spec),
    items: (manifest) => datasets.items(manifest),
    exportStream: async (spec, format) => {
      const manifest = await findDataset(deps, spec);
      const source = { manifest, items: () => datasets.items(manifest) };
      return zipDataset(objects, source, format, await documents.keptImages.erased());
    },
    import: (name, path, options) =>
      importDataset({ datasets, documents, objects, describeImage }, name, path, options),
  };
}

async function findDataset(
  { datasets }: Pick<VidetteClientDeps, 'datasets'>,
  spec: string,
): Promise<DatasetManifest> {
  const parsed = parseDatasetSpec(spec);
  if (!parsed) {
    throw new AppError(
      'INVALID_INPUT',
      `Expected the name of a data set as name or name@version, received ${JSON.stringify(spec.slice(0, 200))}.`,
    );
  }
  const found = await datasets.find(parsed.name, parsed.version);
  if (found) return found;
  throw notFound(spec);
}

function notFound(spec: string): AppError {
  return new AppError(
    'DATASET_NOT_FOUND',
    `Data set ${spec} does not exist. List them with "vidette datasets list", or build it with "vidette datasets build".`,
    { dataset: spec },
  );
}

function cannotDescribe(): never {
  throw new AppError(
    'SETUP_FAILED',
    'This client cannot read images. Build data sets with the command line or the HTTP API, or create the client with "describeImage".',
  );
}
