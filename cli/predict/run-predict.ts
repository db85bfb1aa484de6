import { resolve } from 'node:path';
import { BUCKETS } from '../../domain/names.js';
import type { ImageBatchRequest, LocalBatchOptions } from '../../client/index.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import type { Connected } from '../connect.js';
import { EXIT, exitCodeOfJob } from '../exit-codes.js';
import { follow } from '../follow.js';
import { writeWhole } from '../write-whole.js';
import { formatImageBatch, imageProgressLine } from './image-batch-text.js';
import { readSourceArgument, type SourceArgument } from './image-source.js';

export interface PredictOptions {
  readonly request: LocalBatchOptions;
  /** File for the table. */
  readonly out: string | undefined;
  readonly wait: boolean;
}

/** Predicts on the images of a source and returns the exit code. */
export async function runPredict(
  app: App,
  argument: string,
  { request, out, wait }: PredictOptions,
): Promise<number> {
  const source = await readSourceArgument(argument);
  return withServers(app, async (connected) => {
    const { imageBatches } = connected.client;
    const { batch_id } = await imageBatches.start(await upload(app, connected, source, request));
    if (!wait) {
      const batch = await imageBatches.get(batch_id);
      app.out.result({ ...batch, out: null }, formatImageBatch(batch, null));
      return EXIT.OK;
    }
    const batch = await follow(app, imageBatches.status(batch_id, { signal: app.signal }), {
      line: imageProgressLine,
      interrupted: `Interrupted; batch ${batch_id} continues. See it with "vidette predictions ${batch_id}".`,
    });
    const path = batch.status === 'ready' && out !== undefined ? resolve(out) : null;
    if (path !== null) await writeTable(app, connected, batch_id, path);
    app.out.result({ ...batch, out: path }, formatImageBatch(batch, path));
    return exitCodeOfJob(batch.status);
  });
}

/** Uploads images of this host; returns the request of the batch. */
async function upload(
  { out, signal }: App,
  { client }: Connected,
  source: SourceArgument,
  request: LocalBatchOptions,
): Promise<ImageBatchRequest> {
  if (source.kind === 'stored') return { ...request, ...source.source };
  if (source.kind === 'zip') {
    out.step(`uploading ${source.file.name}`);
    return client.imageBatches.uploadZip(source.file, request, { signal });
  }
  const total = source.files.length;
  const onUpload = (done: number) => out.step(`${done} of ${total} images uploaded`, 'transient');
  const uploaded = await client.imageBatches.upload(source.files, request, { signal, onUpload });
  out.step(`${total} images uploaded to the bucket ${BUCKETS.results}`);
  return uploaded;
}

/** Writes the table of a batch to a file. */
export async function writeTable(
  { signal }: App,
  { client, objects }: Connected,
  batchId: string,
  path: string,
): Promise<void> {
  const { bucket, key } = await client.imageBatches.table(batchId);
  await writeWhole(await objects.getStream(bucket, key, { signal }), path, signal);
}
