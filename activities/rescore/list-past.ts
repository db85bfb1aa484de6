import { log } from '@temporalio/activity';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { readPages } from '../../domain/read-pages.js';
import type { LoggedPrediction } from '../../domain/result/prediction-log.js';
import { findPastList } from '../../domain/rescore/find-rescore.js';
import type {
  ListedPast,
  OpenedRescore,
  PastImage,
  PastList,
} from '../../domain/rescore/rescore.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { listPastJobs, type ListPastJobsDeps } from './list-past-jobs.js';
import { putLines } from './rescore-store.js';

export interface ListPastDeps extends ListPastJobsDeps {
  readonly objects: ObjectStore;
  readonly documents: Pick<DocumentStore, 'batches' | 'imagePredictions' | 'listEvents'>;
}

/** Maximum number of images of a rescoring. */
const IMAGES_MAX = 100_000;

/**
 * Writes the list of what is compared, once, and the batches of the jobs. The list is written after
 * the images and before the batches, so that a repeated attempt has the same ones.
 * @throws AppError `INVALID_INPUT` if nothing can be compared, `LIMIT_EXCEEDED` for too much.
 */
export async function listPast(deps: ListPastDeps, rescore: OpenedRescore): Promise<ListedPast> {
  return withHeartbeat(async (beat) => {
    const { rescore_id } = rescore;
    const stored = await findPastList(deps.objects, rescore_id);
    const list = stored ?? (await writeList(deps, rescore, beat));
    beat.signal.throwIfAborted();
    for (const batch of list.batches) {
      const created_at = new Date(rescore.created_at);
      await deps.documents.batches.insert({ ...batch, created_at, priority: RESCORE_PRIORITY });
    }
    const { images, jobs } = list;
    log.info('past listed', { rescore: rescore_id, images, jobs: jobs.length });
    return { images, jobs: jobs.length, batches: list.batches.map(({ batch_id }) => batch_id) };
  });
}

/** The lowest priority: rescorings wait for all other jobs. */
const RESCORE_PRIORITY = 5;

async function writeList(
  deps: ListPastDeps,
  rescore: OpenedRescore,
  beat: Beat,
): Promise<PastList> {
  const includes = (kind: OpenedRescore['include'][number]) => rescore.include.includes(kind);
  const images = includes('images') ? await writeImages(deps, rescore, beat) : 0;
  const jobs = includes('jobs')
    ? await listPastJobs(deps, rescore, beat)
    : { jobs: [], not_compared: [], batches: [] };
  if (images + jobs.jobs.length + jobs.not_compared.length === 0) throw nothingFound(rescore);
  const list: PastList = { images, ...jobs };
  beat.signal.throwIfAborted();
  const key = keys.rescoreList(rescore.rescore_id);
  await deps.objects.put(BUCKETS.results, key, JSON.stringify(list));
  return list;
}

/** Writes the past predictions of kept images and the list of their keys; returns their number. */
async function writeImages(
  { objects, documents }: ListPastDeps,
  rescore: OpenedRescore,
  { signal, report }: Beat,
): Promise<number> {
  const { rescore_id } = rescore;
  const listed: string[] = [];
  const lines = async function* (): AsyncGenerator<string, void> {
    for await (const image of readImages(documents, rescore)) {
      const { prediction_id, sha256 } = image;
      if (listed.length === IMAGES_MAX) throw tooManyImages();
      listed.push(`${JSON.stringify({ key: keys.image(sha256), name: prediction_id })}\n`);
      report({ images: listed.length });
      yield `${JSON.stringify(image)}\n`;
    }
  };
  await putLines(objects, keys.rescoreImages(rescore_id), lines(), signal);
  if (listed.length === 0) return 0;
  await objects.put(BUCKETS.pictures, keys.rescoreKeys(rescore_id), listed.join(''), { signal });
  return listed.length;
}

/** Reads the newest prediction of each kept image, the newest first. */
async function* readImages(
  { imagePredictions }: ListPastDeps['documents'],
  { of, model, since, until }: OpenedRescore,
): AsyncGenerator<PastImage, void> {
  const from = new Date(since);
  const to = new Date(until);
  const isWanted = ({ model: { name, version }, time }: LoggedPrediction) =>
    name === of.name &&
    (of.version ?? version) === version &&
    !(name === model.name && version === model.version) &&
    time >= from &&
    time < to;
  const seen = new Set<string>();
  const predictions = readPages<LoggedPrediction>(({ limit, after }) =>
    imagePredictions.list({ limit, since: from, before: after?.prediction_id }),
  );
  for await (const prediction of predictions) {
    const sha256 = prediction.picture?.sha256;
    if (sha256 === undefined || seen.has(sha256) || !isWanted(prediction)) continue;
    seen.add(sha256);
    yield pastImageOf(prediction, sha256);
  }
}

function pastImageOf(prediction: LoggedPrediction, sha256: string): PastImage {
  const { prediction_id, model, predicted_class, confidence, objects } = prediction;
  return {
    ...{ prediction_id, sha256, model: `${model.name}@${model.version}` },
    ...{ class: predicted_class, confidence },
    ...(objects && { objects }),
  };
}

function tooManyImages(): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `A rescoring has at most ${IMAGES_MAX} images. Choose a shorter time span.`,
  );
}

function nothingFound({ of, since, until, include }: OpenedRescore): AppError {
  const model = of.version === undefined ? of.name : `${of.name}@${of.version}`;
  return new AppError(
    'INVALID_INPUT',
    `Model ${model} made no predictions of kept images or finished jobs from ${since} to ${until} ` +
      `(looked for: ${include.join(', ')}). Choose another time span, or keep images with VIDETTE_KEEP_PICTURES_DAYS.`,
  );
}
