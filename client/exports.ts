import { Readable } from 'node:stream';
import { makeZip } from 'client-zip';
import { AppError, hasCode } from '../domain/errors.js';
import {
  classesOf,
  type ExportOptions,
  type ExportSource,
} from '../domain/export/export-source.js';
import { type ExportFormat, exportFiles, exportText } from '../domain/export/formats.js';
import { BUCKETS, keys } from '../domain/names.js';
import type { VidetteClientDeps } from './deps.js';
import { resultFrames } from './result-frames.js';
import { readEnds } from './result-overview.js';

/** Characters that are sent at once: a row alone would be a packet of its own. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * A result in another form, as a stream of bytes.
 * @throws AppError `JOB_NOT_FOUND` when there is no result, `INVALID_INPUT` for what the form cannot be.
 */
export async function exportStream(
  deps: Pick<VidetteClientDeps, 'objects' | 'models'>,
  eventId: string,
  format: ExportFormat,
  options: ExportOptions = {},
): Promise<Readable> {
  const source = await openSource(deps, eventId);
  if (format === 'json') return deps.objects.getStream(BUCKETS.results, keys.result(eventId));
  if (format === 'yolo') return zipOf(source, options);
  const text = exportText(format, source, options);
  return Readable.from(inChunks(text), { objectMode: false });
}

async function openSource(
  { objects, models }: Pick<VidetteClientDeps, 'objects' | 'models'>,
  eventId: string,
): Promise<ExportSource> {
  const ends = await readEnds(objects, eventId);
  if (!ends) throw noResult(eventId);
  const { name, version } = ends.header.model;
  const labels = await labelsOf(models, `${name}@${version}`);
  const classes = classesOf(labels, ends.summary);
  return { ...ends, classes, frames: () => resultFrames(objects, eventId) };
}

/** @throws AppError `JOB_NOT_FOUND`. */
export function noResult(eventId: string): AppError {
  return new AppError('JOB_NOT_FOUND', `Job ${eventId} has no result (yet).`, {
    event_id: eventId,
  });
}

/** None when the model is no longer in the catalogue: the result still has the names it used. */
async function labelsOf(
  models: VidetteClientDeps['models'],
  spec: string,
): Promise<readonly string[]> {
  try {
    return (await models.resolve(spec)).labels;
  } catch (error) {
    if (hasCode(error, 'MODEL_NOT_FOUND')) return [];
    throw error;
  }
}

function zipOf(source: ExportSource, options: ExportOptions): Readable {
  const zip = makeZip(zipEntries(source, options));
  return Readable.fromWeb(zip as Parameters<typeof Readable.fromWeb>[0]); // the same class, of another typing
}

/** Files of one time, so that the same result gives the same bytes. */
async function* zipEntries(source: ExportSource, options: ExportOptions) {
  const lastModified = new Date(source.header.created_at);
  for await (const { name, text } of exportFiles(source, options)) {
    yield { name, input: text, lastModified };
  }
}

async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
