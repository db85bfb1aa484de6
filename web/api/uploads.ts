import { getJson, postJson, RequestError, request } from './request.js';

const UPLOADS = '/api/v1/videos/uploads';

/** State of a multipart upload, with presigned URLs of the missing parts. Parts count from 1. */
export interface UploadState {
  readonly upload_id: string;
  readonly size: number;
  readonly part_size: number;
  readonly parts: number;
  readonly arrived: readonly number[];
  readonly missing: readonly { readonly part: number; readonly url: string }[];
}

const uploadUrl = (uploadId: string) => `${UPLOADS}/${encodeURIComponent(uploadId)}`;

export const beginUpload = ({ name, size }: File) => postJson<UploadState>(UPLOADS, { name, size });

/** Renders the sample video in the API and stores it, which takes some seconds. */
export const storeSample = () =>
  postJson<{ readonly video_id: string; readonly name: string }>('/api/v1/videos/sample', {});

/** Reads the state of an upload; undefined if it expired or was cancelled. */
export async function findUpload(
  uploadId: string,
  signal: AbortSignal,
): Promise<UploadState | undefined> {
  try {
    return await getJson<UploadState>(uploadUrl(uploadId), signal);
  } catch (error) {
    if (error instanceof RequestError && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Assembles the parts into a video. Idempotent. */
export const completeUpload = (uploadId: string) =>
  postJson<{ readonly video_id: string }>(`${uploadUrl(uploadId)}/complete`, {});

export async function abortUpload(uploadId: string): Promise<void> {
  await request(uploadUrl(uploadId), { method: 'DELETE' });
}
