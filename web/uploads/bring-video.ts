import { uploadVideo } from '../api/jobs.js';
import {
  beginUpload,
  completeUpload,
  findUpload,
  giveUpUpload,
  type UploadState,
} from '../api/uploads.js';
import { PartError } from './put-part.js';
import { forgetUpload, recallUpload, rememberUpload } from './remembered.js';
import { sendParts } from './send-parts.js';

/** A file of one part goes in one request. */
const ONE_PART_BYTES = 16 * 1024 ** 2;

export interface Bringing {
  /** Told the share of the file that is sent, 0 to 1. */
  readonly onShare: (share: number) => void;
  /** Told why the file goes another way than straight into the store. */
  readonly onDetour: (reason: string) => void;
  readonly signal: AbortSignal;
}

type Video = { readonly video_id: string };

/** Whether an upload of this file can be stopped and go on later. */
export const goesInParts = ({ size }: File) => size > ONE_PART_BYTES;

/** Brings a file into the store; one that was begun before goes on with what is missing. */
export async function bringVideo(file: File, bringing: Bringing): Promise<Video> {
  const { onShare, onDetour, signal } = bringing;
  if (!goesInParts(file)) return uploadVideo(file, onShare, signal);
  const state = await stateOf(file, signal);
  try {
    await sendParts({ file, state, signal, onSent: (bytes) => onShare(bytes / file.size) });
  } catch (error) {
    const now = await unreachedStore(error, state, signal);
    if (!now) throw error;
    await giveUp(file, state.upload_id);
    onDetour(
      `This browser cannot reach the object store at ${now}, so the file goes through the API. ` +
        'Pauses and going on after a reload are not possible then.',
    );
    return uploadVideo(file, onShare, signal);
  }
  const video = await completeUpload(state.upload_id);
  forgetUpload(file);
  return video;
}

/** Forgets an upload here and in the store. */
export async function giveUp(file: File, uploadId: string): Promise<void> {
  forgetUpload(file);
  await giveUpUpload(uploadId);
}

async function stateOf(file: File, signal: AbortSignal): Promise<UploadState> {
  const known = recallUpload(file);
  const found = known && (await findUpload(known.uploadId, signal));
  if (found) return found;
  const begun = await beginUpload(file);
  rememberUpload(file, begun);
  return begun;
}

/** The store's address when the API answers, and no part has ever come through to the store. */
async function unreachedStore(
  error: unknown,
  { upload_id, missing }: UploadState,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!(error instanceof PartError) || error.status !== undefined) return undefined;
  const now = await findUpload(upload_id, signal);
  const [first] = missing;
  return now?.arrived.length === 0 && first ? new URL(first.url).origin : undefined;
}
