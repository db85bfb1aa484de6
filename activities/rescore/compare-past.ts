import { log } from '@temporalio/activity';
import { AppError } from '../../domain/errors.js';
import type { ImageRow } from '../../domain/image-batch/image-row.js';
import { countSlices } from '../../domain/image-batch/slices.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { createImageComparison } from '../../domain/rescore/compare-image.js';
import { findPastList } from '../../domain/rescore/find-rescore.js';
import { readJsonLines } from '../../domain/rescore/read-json-lines.js';
import { createRanking, type RescoreCase } from '../../domain/rescore/rescore-case.js';
import type {
  OpenedRescore,
  PastImage,
  PastList,
  RescoreReport,
} from '../../domain/rescore/rescore.js';
import { findImagePart } from '../image-batch/part-store.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { createJobComparison } from './compare-jobs.js';
import { putLines } from './rescore-store.js';

export interface ComparePastDeps {
  readonly objects: ObjectStore;
}

/**
 * Compares the past predictions with those of the other model, and stores what differs and the report,
 * which is written last. Reads stored results only, so a repeated attempt writes the same.
 * @throws AppError `INCOMPLETE_RESULT` if the images and their rows do not match.
 */
export async function comparePast(
  { objects }: ComparePastDeps,
  { rescore_id, conf }: OpenedRescore,
): Promise<RescoreReport> {
  return withHeartbeat(async (beat) => {
    const list = await findPastList(objects, rescore_id);
    if (!list) throw incomplete(rescore_id, 'has no list');
    const images = createImageComparison(conf);
    const jobs = createJobComparison(objects, list);
    const ranking = createRanking();
    let cases = 0;
    const add = (found: RescoreCase) => {
      ranking.add(found);
      beat.report({ cases: ++cases });
      return toLine(found);
    };
    const lines = async function* (): AsyncGenerator<string, void> {
      const ofImages = compareImages(objects, { rescore_id, list, images }, beat);
      for await (const found of ofImages) yield add(found);
      for await (const found of jobs.cases(beat.signal)) yield add(found);
    };
    const { signal } = beat;
    await putLines(objects, keys.rescoreCases(rescore_id), lines(), signal);
    const ranked = ranking.ranked().map(toLine).join('');
    await objects.put(BUCKETS.results, keys.rescoreRanking(rescore_id), ranked, { signal });
    const report = { rescore_id, images: images.report(), jobs: jobs.report(), cases };
    const text = JSON.stringify(report, null, 2);
    await objects.put(BUCKETS.results, keys.rescoreReport(rescore_id), text, { signal });
    log.info('past compared', { rescore: rescore_id, cases });
    return report;
  });
}

const toLine = (found: RescoreCase) => `${JSON.stringify(found)}\n`;

interface ImagesToCompare {
  readonly rescore_id: string;
  readonly list: Pick<PastList, 'images'>;
  readonly images: ReturnType<typeof createImageComparison>;
}

/** Joins the past predictions with the rows of the batch, which are in the same order. */
async function* compareImages(
  objects: ObjectStore,
  { rescore_id, list, images }: ImagesToCompare,
  { signal }: Beat,
): AsyncGenerator<RescoreCase, void> {
  if (list.images === 0) return;
  const rows = readRows(objects, rescore_id, list.images);
  const key = keys.rescoreImages(rescore_id);
  for await (const past of readJsonLines<PastImage>(objects, BUCKETS.results, key)) {
    signal.throwIfAborted();
    const { value: row, done } = await rows.next();
    if (done || row.key !== past.prediction_id)
      throw incomplete(rescore_id, `has no row of prediction ${past.prediction_id}`);
    const found = images.add(past, row);
    if (found) yield found;
  }
}

async function* readRows(
  objects: ObjectStore,
  batchId: string,
  total: number,
): AsyncGenerator<ImageRow, void> {
  for (let slice = 0; slice < countSlices(total); slice++) {
    const part = await findImagePart(objects, batchId, slice);
    yield* part?.rows ?? [];
  }
}

function incomplete(rescoreId: string, problem: string): AppError {
  return new AppError(
    'INCOMPLETE_RESULT',
    `Rescoring ${rescoreId} ${problem}. Start it again with another rescore_id.`,
    { rescore_id: rescoreId },
  );
}
