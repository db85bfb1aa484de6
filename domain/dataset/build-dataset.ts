import { AppError } from '../errors.js';
import { expectId } from '../names.js';
import { listProblems } from '../schema-problems.js';
import type { DatasetStore } from '../ports/dataset-store.js';
import { collectVerdicts, type FeedbackStores } from './collect-verdicts.js';
import type { DatasetTask } from './dataset-item.js';
import {
  type DatasetDraft,
  type DatasetFilters,
  datasetFiltersSchema,
  type DatasetManifest,
  LEFT_OUT_LISTED,
  type LeftOut,
} from './dataset-manifest.js';
import { countItems, labelsOf } from './dataset-counts.js';
import { makeItems } from './make-items.js';
import { type ImageStores, resolveImages } from './resolve-images.js';

/** Request for a version of a data set; omitted fields are those of the version before. */
export interface BuildRequest {
  /** Only feedback on results of this model; null for all. */
  readonly model?: string | null | undefined;
  /** Only feedback since this time; null for all. */
  readonly since?: string | null | undefined;
  readonly task?: DatasetTask | undefined;
  /** Person who builds it. */
  readonly by?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuildDeps extends ImageStores {
  readonly documents: FeedbackStores;
  readonly datasets: DatasetStore;
}

/** Built version. */
export interface BuiltDataset {
  readonly manifest: DatasetManifest;
  /** False if the version with this content existed. */
  readonly created: boolean;
  /** Images with feedback that are left out of this build; an existing version may list others. */
  readonly left_out: DatasetManifest['left_out'];
}

/**
 * Builds the next version of a data set from the feedback until this moment, or returns the version that
 * has the same content.
 * @throws AppError `INVALID_INPUT` without usable feedback, for an invalid filter, or if the task of the
 * first version is missing or another one than before.
 */
export async function buildDataset(
  deps: BuildDeps,
  name: string,
  { by, signal, ...request }: BuildRequest = {},
): Promise<BuiltDataset> {
  const parent = await deps.datasets.find(expectId('a name of a data set', name));
  const until = new Date();
  const query = { name, until, ...settingsOf(name, parent, request) };
  const before = parent ? await Array.fromAsync(deps.datasets.items(parent)) : [];
  const candidates = await collectVerdicts(deps.documents, query);
  const resolved = await resolveImages(deps, before, candidates, signal);
  const { items, leftOut } = makeItems(name, before, resolved);
  const left_out = summarise(leftOut);
  if (items.length === 0) throw noItems(name, query.task, leftOut);
  const labels = labelsOf(items, parent?.labels);
  const draft: DatasetDraft = {
    ...{ name, task: query.task, labels, counts: countItems(items), left_out },
    made_from: { until: until.toISOString(), filters: query.filters },
    parent: parent ? { version: parent.version, sha256: parent.sha256 } : null,
    ...{ created_at: new Date().toISOString(), by: by ?? null },
  };
  return { ...(await deps.datasets.add(draft, items)), left_out };
}

function settingsOf(
  name: string,
  parent: DatasetManifest | undefined,
  { task = parent?.task, ...filters }: Omit<BuildRequest, 'by' | 'signal'>,
): { readonly task: DatasetTask; readonly filters: DatasetFilters } {
  if (task === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      `Data set ${name} does not exist. Its first version requires a task: "detect" for boxes, or "classify" for one class per image.`,
    );
  }
  if (parent && task !== parent.task) {
    throw new AppError(
      'INVALID_INPUT',
      `Data set ${name} is for the task "${parent.task}", not "${task}". Give the data set for another task another name.`,
    );
  }
  return { task, filters: filtersOf(parent?.made_from.filters, filters) };
}

function filtersOf(
  before: DatasetFilters = {},
  { model = before.model, since = before.since }: Pick<BuildRequest, 'model' | 'since'>,
): DatasetFilters {
  const { data, error } = datasetFiltersSchema.safeParse({
    ...(model != null && { model }),
    ...(since != null && { since }),
  });
  if (!error) return data;
  throw new AppError(
    'INVALID_INPUT',
    `Invalid filter of a data set: ${listProblems(error).join('; ')}. Expected a model as name or name@version, and a time such as 2026-05-04T09:30:00Z.`,
  );
}

function summarise(leftOut: readonly LeftOut[]): DatasetManifest['left_out'] {
  const by_reason: DatasetManifest['left_out']['by_reason'] = {};
  for (const { reason } of leftOut) by_reason[reason] = (by_reason[reason] ?? 0) + 1;
  return { count: leftOut.length, by_reason, items: leftOut.slice(0, LEFT_OUT_LISTED) };
}

function noItems(name: string, task: DatasetTask, leftOut: readonly LeftOut[]): AppError {
  const { by_reason } = summarise(leftOut);
  const reasons = Object.entries(by_reason).map(([reason, count]) => `${reason}: ${count}`);
  const detail = reasons.length > 0 ? ` (left out: ${reasons.join(', ')})` : '';
  const needed = task === 'classify' ? 'the class of an image' : 'the objects of an image or frame';
  return new AppError(
    'INVALID_INPUT',
    `No feedback for data set ${name}${detail}. A data set for "${task}" needs feedback with ${needed}, on images or frames that are stored.`,
    { dataset: name },
  );
}
