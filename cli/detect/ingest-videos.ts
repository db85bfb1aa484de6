import pMap from 'p-map';
import type { OnIngest, VidetteClient } from '../../client/index.js';
import { AppError, type ErrorCode } from '../../domain/errors.js';
import type { App } from '../app.js';
import { Interrupted } from '../exit-codes.js';
import { explain } from '../output.js';
import { reportIngest } from '../run-job.js';
import { expectVideoFile } from './expect-video.js';
import { interruptedIngestText } from './interrupted-text.js';
import type { NamedVideo } from './video-argument.js';

/** A stored video, or the reason why it was rejected. */
export type IngestedVideo =
  | { readonly name: string; readonly video_id: string }
  | { readonly name: string; readonly error: unknown };

/** Videos that are ingested at the same time. */
const INGESTED_AT_ONCE = 2;

/** Errors of one video, which do not concern the others. */
const VIDEO_ERRORS: readonly ErrorCode[] = [
  ...(['VIDEO_NOT_FOUND', 'VIDEO_CHANGED', 'BAD_VIDEO', 'LIMIT_EXCEEDED'] as const),
  ...(['URL_FORBIDDEN', 'DOWNLOAD_FAILED'] as const),
];

/** Stores all videos; one that is rejected does not stop the others. */
export async function ingestVideos(
  { out, signal }: App,
  client: VidetteClient,
  videos: readonly NamedVideo[],
): Promise<IngestedVideo[]> {
  let ingested = 0;
  const ingest = async ({ name, video }: NamedVideo): Promise<IngestedVideo> => {
    try {
      if ('path' in video) await expectVideoFile(video.path);
      const onIngest: OnIngest = (ingest) => reportIngest(out)({ ...ingest, name });
      const video_id = await client.upload(video, { signal, onIngest });
      ingested++;
      return { name, video_id };
    } catch (error) {
      if (signal.aborted) throw new Interrupted(interruptedIngestText(ingested, videos.length));
      if (!(error instanceof AppError) || !VIDEO_ERRORS.includes(error.code)) throw error;
      out.step(`rejected: ${explain(error)}`);
      return { name, error };
    }
  };
  return pMap(videos, ingest, { concurrency: INGESTED_AT_ONCE });
}
