import { getJson, postJson, RequestError, request } from './request.js';

const UPLOADS = '/api/v1/videos/uploads';

/** An upload in parts: what arrived, and where to put what is missing. Parts count from 1. */
export interface UploadState {
  readonly upload_id: string;
  readonly size: number;
  readonly part_size: number;
  readonly parts: number;
  readonly arrived: readonly number[];
  readonly missing: readonly { readonly part: number; readonly url: string }[];
}

const addressOf = (uploadId: string) => `${UPLOADS}/${encodeURIComponent(uploadId)}`;

export const beginUpload = ({ name, size }: File) => postJson<UploadState>(UPLOADS, { name, size });

/** Undefined for an upload that expired or was given up. */
export async function findUpload(
  uploadId: string,
  signal: AbortSignal,
): Promise<UploadState | undefined> {
  try {
    return await getJson<UploadState>(addressOf(uploadId), signal);
  } catch (error) {
    if (error instanceof RequestError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Makes the parts a video; done again, it answers the same. */
export const completeUpload = (uploadId: string) =>
  postJson<{ readonly video_id: string }>(`${addressOf(uploadId)}/complete`, {});

export async function giveUpUpload(uploadId: string): Promise<void> {
  await request(addressOf(uploadId), { method: 'DELETE' });
}
