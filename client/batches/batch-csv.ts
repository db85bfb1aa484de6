import type { Readable } from 'node:stream';
import { hasCode } from '../../domain/errors.js';
import { csvOfVideos } from '../../domain/export/csv.js';
import type { ExportSource } from '../../domain/export/export-source.js';
import type { BatchJob } from '../../domain/job/batch.js';
import type { VidetteClientDeps } from '../deps.js';
import { openSource, textStream } from '../results/exports.js';
import { findBatch } from './find-batch.js';

/**
 * Streams the objects of all jobs of a batch that are ready as one CSV, in the order of the batch. A job
 * that is deleted before its turn is left out.
 */
export async function batchCsv(deps: VidetteClientDeps, batchId: string): Promise<Readable> {
  const { jobs } = await findBatch(deps.documents, batchId);
  const statuses = await deps.documents.findStatuses(jobs.map(({ event_id }) => event_id));
  const ready = jobs.filter(({ event_id }) => statuses.get(event_id) === 'ready');
  return textStream(csvOfVideos(sourcesOf(deps, ready)));
}

async function* sourcesOf(
  deps: VidetteClientDeps,
  jobs: readonly BatchJob[],
): AsyncGenerator<ExportSource> {
  for (const { event_id } of jobs) {
    const source = await openSource(deps, event_id).catch(ignoreDeleted);
    if (source) yield source;
  }
}

function ignoreDeleted(error: unknown): undefined {
  if (!hasCode(error, 'JOB_NOT_FOUND')) throw error;
}
