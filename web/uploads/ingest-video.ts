import { uploadVideo } from '../api/jobs.js';
import {
  beginUpload,
  completeUpload,
  findUpload,
  abortUpload,
  type UploadState,
} from '../api/uploads.js';
import { PartError } from './put-part.js';
import { forgetUpload, findRememberedUpload, rememberUpload } from './remembered-uploads.js';
import { sendParts } from './send-parts.js';

/** Maximum size of a file that is sent through the API in one request. */
const ONE_PART_BYTES = 16 * 1024 ** 2;

interface IngestOptions {
  /** Receives the share of the file sent so far, 0 to 1. */
  readonly onShare: (share: number) => void;
  /** Receives the reason if the file has to be sent through the API. */
  readonly onFallback: (reason: string) => void;
  readonly signal: AbortSignal;
}

type Video = { readonly video_id: string };

/** Whether a file is uploaded in parts, so its upload can be paused and resumed. */
export const isMultipart = ({ size }: File) => size > ONE_PART_BYTES;

/** Uploads a file to the store; resumes an unfinished upload with the missing parts. */
export async function ingestVideo(file: File, options: IngestOptions): Promise<Video> {
  const { onShare, onFallback, signal } = options;
  if (!isMultipart(file)) return uploadVideo(file, onShare, signal);
  const state = await findOrBeginUpload(file, signal);
  try {
    await sendParts({ file, state, signal, onSent: (bytes) => onShare(bytes / file.size) });
  } catch (error) {
    const storeOrigin = await findUnreachableStore(error, state, signal);
    if (!storeOrigin) throw error;
    await discardUpload(file, state.upload_id);
    onFallback(
      `This browser cannot reach the object store at ${storeOrigin}, so the file is sent through ` +
        'the API. This upload cannot be paused or resumed.',
    );
    return uploadVideo(file, onShare, signal);
  }
  const video = await completeUpload(state.upload_id);
  forgetUpload(file);
  return video;
}

/** Cancels an upload in the store and removes it from this browser. */
export async function discardUpload(file: File, uploadId: string): Promise<void> {
  forgetUpload(file);
  await abortUpload(uploadId);
}

async function findOrBeginUpload(file: File, signal: AbortSignal): Promise<UploadState> {
  const remembered = findRememberedUpload(file);
  const found = remembered && (await findUpload(remembered.uploadId, signal));
  if (found) return found;
  const begun = await beginUpload(file);
  rememberUpload(file, begun);
  return begun;
}

/** Returns the origin of the store if the API responds but no part ever reached the store. */
async function findUnreachableStore(
  error: unknown,
  { upload_id, missing }: UploadState,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!(error instanceof PartError) || error.status !== undefined) return undefined;
  const now = await findUpload(upload_id, signal);
  const [first] = missing;
  return now?.arrived.length === 0 && first ? new URL(first.url).origin : undefined;
}
