import { BUCKETS, UPLOADS_PREFIX } from '../../domain/names.js';
import { messageOf } from '../../domain/errors.js';
import type { Logger } from '../../runtime/logger.js';
import type { ApiServices } from '../context.js';
import { abortIfTooLarge, UPLOAD_KEPT_MS } from './part-upload.js';
import { removeUpload } from './store-upload.js';
import { uploadTimeOf } from './upload-id.js';

const SWEEP_EVERY_MS = 3600 * 1000;
/** Time for which idempotency keys are kept. */
const REQUEST_KEPT_MS = 24 * 3600 * 1000;

/** Key of the state of an upload in parts. */
const INFO_KEY = /^uploads\/(.+)\.json$/;

type Swept = Pick<ApiServices, 'objects' | 'partUploads' | 'documents'>;

/** Removes uploads that are older than a day or too large, at once and hourly; returns a function to stop. */
export function startSweeping(services: Swept, logger: Logger): () => void {
  const sweep = () =>
    sweepUploads(services, Date.now()).catch((error: unknown) =>
      logger.warn({ reason: messageOf(error) }, 'sweeping uploads failed, trying again in an hour'),
    );
  void sweep();
  const timer = setInterval(() => void sweep(), SWEEP_EVERY_MS);
  return () => clearInterval(timer);
}

/** @param now milliseconds since the epoch. */
export async function sweepUploads(
  { objects, partUploads, documents }: Swept,
  now: number,
): Promise<void> {
  const isOld = (key: string) => (uploadTimeOf(key) ?? now) < now - UPLOAD_KEPT_MS;
  for await (const upload of partUploads.unfinished(BUCKETS.videos, UPLOADS_PREFIX)) {
    if (isOld(upload.key)) await partUploads.abort(upload);
  }
  for await (const key of objects.list(BUCKETS.videos, UPLOADS_PREFIX)) {
    if (!isOld(key)) {
      const [, id] = INFO_KEY.exec(key) ?? [];
      if (id !== undefined) await abortIfTooLarge({ objects, partUploads }, id);
      continue;
    }
    // Some stores list unfinished uploads by exact key only.
    const uploadKey = key.replace(/\.(json|begun)$/, '');
    await removeUpload({ objects, partUploads }, uploadKey);
    await objects.remove(BUCKETS.videos, key);
  }
  await documents.forgetRequests(new Date(now - REQUEST_KEPT_MS));
}
