import { Readable } from 'node:stream';
import { AppError } from '../../domain/errors.js';
import {
  classesOf,
  type ExportOptions,
  type ExportSource,
} from '../../domain/export/export-source.js';
import { type ExportFormat, exportText } from '../../domain/export/formats.js';
import { readClasses } from '../../domain/model/model-classes.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { VidetteClientDeps } from '../deps.js';
import { annotatedVideo, type AwaitRenderOptions, openRender } from '../renders/renders.js';
import { readResultEnds, readResultFrames } from '../../domain/result/read-result.js';
import { noResult } from '../../domain/job/job-store.js';
import { expectAll } from '../../domain/result/expect-all.js';
import { resolveZones, type ZonesOrName } from '../zones/read-zones.js';
import { zipOf } from './zip-export.js';

/** Options of an export; `signal` and `onProgress` apply to formats that are rendered. */
export interface ExportStreamOptions extends Omit<ExportOptions, 'zones'> {
  /** CSV and JSON lines: zones, or the name under which those of the video are stored. */
  readonly zones?: ZonesOrName | undefined;
  readonly signal?: AbortSignal;
  readonly onProgress?: AwaitRenderOptions['onProgress'];
}

/** Formats whose objects can name their zones. */
const ZONE_FORMATS: readonly ExportFormat[] = ['csv', 'jsonl'];

/** Minimum number of characters per chunk, so that rows are not sent one by one. */
const CHUNK_CHARACTERS = 64 * 1024;

/**
 * Streams a result in another format; for `mp4`, waits for the render.
 * @throws AppError `JOB_NOT_FOUND` if the job has no result, `INVALID_INPUT` for options
 * that the format does not support.
 */
export async function exportStream(
  deps: Pick<VidetteClientDeps, 'objects' | 'models' | 'temporal'>,
  eventId: string,
  format: ExportFormat,
  { signal, onProgress, zones: zonesOrName, ...others }: ExportStreamOptions = {},
): Promise<Readable> {
  if (zonesOrName !== undefined && !ZONE_FORMATS.includes(format)) throw noZonesIn(format);
  if (format === 'mp4')
    return openRender(deps, () => annotatedVideo(deps, eventId, { signal, onProgress }));
  const source = await openSource(deps, eventId);
  const zones = zonesOrName && (await resolveZones(deps, source.header, zonesOrName));
  const options = { ...others, ...(zones && { zones }) };
  if (format === 'json') return deps.objects.getStream(BUCKETS.results, keys.result(eventId));
  if (format === 'yolo') return zipOf(deps.objects, source, options);
  return textStream(exportText(format, source, options));
}

function noZonesIn(format: ExportFormat): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Format ${format} has no place for zones. Use ${ZONE_FORMATS.join(' or ')}, or leave "zones" out.`,
  );
}

/** Opens the result of a job for an export. @throws AppError `JOB_NOT_FOUND` if it has none. */
export async function openSource(
  { objects, models }: Pick<VidetteClientDeps, 'objects' | 'models'>,
  eventId: string,
): Promise<ExportSource> {
  const ends = await readResultEnds(objects, eventId);
  if (!ends) throw noResult(eventId);
  // The result still names the classes of a model that was removed.
  const classes = classesOf(await readClasses(models, ends.header.model), ends.summary);
  return { ...ends, classes, frames: () => expectAll(readResultFrames(objects, eventId), ends) };
}

/** Streams text that arrives in pieces of any length. */
export function textStream(pieces: AsyncIterable<string>): Readable {
  return Readable.from(inChunks(pieces), { objectMode: false });
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
