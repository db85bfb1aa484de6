import { Readable } from 'node:stream';
import { makeZip } from 'client-zip';
import { AppError } from '../../domain/errors.js';
import type { ExportOptions, ExportSource } from '../../domain/export/export-source.js';
import { exportFiles } from '../../domain/export/formats.js';
import { frameJpeg } from '../../domain/job/frame-jpeg.js';
import { hasObjects } from '../../domain/job/job-store.js';
import { frameObjects } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

/**
 * Streams an export of several files as a ZIP.
 * @throws AppError `INVALID_INPUT` for images of a job without stored frames.
 */
export async function zipOf(
  objects: ObjectStore,
  source: ExportSource,
  options: ExportOptions,
): Promise<Readable> {
  if (options.images) await expectFrames(objects, source);
  const zip = makeZip(zipEntries(objects, source, options));
  return Readable.fromWeb(zip as Parameters<typeof Readable.fromWeb>[0]); // the same class, of another typing
}

async function expectFrames(objects: ObjectStore, { header }: ExportSource): Promise<void> {
  const { event_id } = header;
  if (await hasObjects(objects, frameObjects(event_id))) return;
  throw new AppError(
    'INVALID_INPUT',
    `Job ${event_id} has no stored frames for an export with images. Run it again with stored frames ("vidette rerun ${event_id} --frames objects"), or export without images.`,
    { event_id },
  );
}

/** Yields files with a fixed time, so that the same result gives the same bytes. */
async function* zipEntries(objects: ObjectStore, source: ExportSource, options: ExportOptions) {
  const { created_at, event_id } = source.header;
  const lastModified = new Date(created_at);
  for await (const { name, text, image } of exportFiles(source, options)) {
    yield { name, input: text, lastModified };
    if (!image) continue;
    const jpeg = await frameJpeg(objects, event_id, image.frame);
    if (!jpeg) throw frameMissing(event_id, image.frame);
    yield { name: image.name, input: new Uint8Array(jpeg), lastModified };
  }
}

function frameMissing(eventId: string, frame: number): AppError {
  return new AppError(
    'INCOMPLETE_RESULT',
    `Frame ${frame} of job ${eventId} is not stored any more. Run the job again, or export without images.`,
    { event_id: eventId },
  );
}
